// The system of record. All that is served can be lost and is rebuilt from here; what is committed is never lost.

import type { GateLimits } from '#/domain/gate.ts';
import type { ValueLimits } from '#/domain/value-gate.ts';
import { Kysely, type Dialect, type Transaction } from 'kysely';
import { absorbRecords, type AbsorbCounts, type Absorbed, type HeldValues } from './absorbing/absorb.ts';
import type { AbsorbRecord, RunInHand, ValueGate } from './absorbing/batch.ts';
import { createCatalogue, createPublishLog, type CatalogueReader, type PublishLog } from './catalogue.ts';
import { createFeedStates, type FeedStates } from './runs/feed-state.ts';
import { seenOffsets } from './absorbing/feed-records.ts';
import { markInFlight } from './feed/in-flight.ts';
import { checkLead, fenceOf, takeLead } from './leader.ts';
import { createPollStates, type PollStates } from './runs/poll-state.ts';
import { isPostgres } from './rows.ts';
import { createRuns, type RunLog } from './runs/runs.ts';
import { createValueHolds, type ValueHolds } from './runs/value-holds.ts';
import type { CarryOverOptions } from './tables/carry-over.ts';
import { migrate } from './tables/migrate.ts';
import type { Tables } from './tables/schema.ts';
import { absorbCall, type LoadMode } from './sqlite/absorb-call.ts';
import type { Absorbing } from './sqlite/absorbing.ts';
import { sqliteDialect } from './sqlite/dialect.ts';
import { emptyLog } from './sqlite/empty-log.ts';
import { createFirstLoad, noFirstLoad } from './sqlite/first-load.ts';
import { startSqliteThread } from './sqlite/thread.ts';
import { createShown } from './shown.ts';
import { lastSeq } from './absorbing/taken-back.ts';
import { createRecords, type RecordIndex } from './runs/records.ts';
import { gaveVersion, identityOf, lastVersion, nextVersion, type VersionGiven } from './versions.ts';
import { continueAt, keepSameFeed, pageCursorOf, pageGate, type PageCursor } from './paging/cursors.ts';
import { withdrawMissing, withdrawUnseen, type Withdrawal } from './absorbing/withdraw.ts';

export interface AbsorbedBatch extends AbsorbCounts {
  /** Why nothing of it was absorbed; null when it was. */
  readonly held: HeldValues | null;
}

export interface AbsorbedPage extends AbsorbedBatch {
  readonly withdrawn: number;
  /** Where the feed continues: at the page itself when it is held. */
  readonly cursor: PageCursor;
}

export interface Archive extends RunLog, RecordIndex, FeedStates, PollStates, PublishLog, ValueHolds {
  /** The fence of the leader, or of the last one; 0 when no host has led yet. */
  fence(): Promise<number>;
  /** Takes the lead over all hosts; from now on writes fail with FencedOff once another has taken it. */
  lead(fence: number): Promise<void>;
  /** Folds records into the archive, in their order, in one transaction, unless `valueGate` holds their values. */
  absorb(
    run: RunInHand,
    records: readonly AbsorbRecord[],
    valueGate?: ValueGate | null,
  ): Promise<AbsorbedBatch>;
  /**
   * The same for the page at `cursor`: also withdraws what it deletes, and keeps where the feed continues. Its values are judged
   * with those of the pages before it; null admits all. `next`: where it leads.
   */
  absorbPage(
    run: RunInHand,
    records: readonly AbsorbRecord[],
    cursor: PageCursor,
    next: string,
    limits: ValueLimits | null,
  ): Promise<AbsorbedPage>;
  /** Null when no page was absorbed yet. */
  pageCursor(provider: string): Promise<PageCursor | null>;
  /** After a complete feed: withdraws what it no longer has, and ends the quarantine of what it has mended. */
  withdrawUnseen(run: RunInHand, gained: number, limits: GateLimits): Promise<Withdrawal>;
  /** Reads the catalogue as it is at one instant, however long that takes: nothing is absorbed into what `read` sees. */
  frozen<T>(read: (catalogue: CatalogueReader) => Promise<T>): Promise<T>;
  /** The number that was given last to a version; 0 when none ever was. */
  lastVersion(): Promise<number>;
  /** Takes a number for a version, greater than `floor` and than every one that was given before: never twice the same. */
  nextVersion(floor: number): Promise<VersionGiven>;
  /** Whether it was this archive that gave the number with this stamp. An older copy of it, or another archive, did not. */
  gaveVersion(given: VersionGiven): Promise<boolean>;
  /** Drawn when it was created: 32 hex digits. */
  identity(): Promise<string>;
  /** Does what was put off until nobody waits: after each publish, whatever came of it, and after runs with nothing to publish. */
  maintain(): Promise<void>;
  close(): Promise<void>;
}

/** Events that a run has added or changed. */
const largeRun = 20_000;

/**
 * Opens the archive at `url` (`sqlite:PATH` or `postgres://…`) and brings its tables up to date; hosts that start
 * together do that one after the other. Throws when it cannot. `lost`: a connection at rest broke. `options`: of an archive of
 * an earlier version, whose tables are carried over.
 */
export async function openArchive(
  url: string,
  lost: (error: Error) => void = () => undefined,
  options: CarryOverOptions = {},
): Promise<Archive> {
  if (/^postgres(ql)?:/.test(url))
    return await openArchiveOn((await import('./postgres.ts')).postgresDialect(url, lost), options);
  const thread = startSqliteThread(url.replace(/^sqlite:/, ''));
  return await openArchiveOn(sqliteDialect(thread), options, thread);
}

/**
 * The same, on whatever Kysely calls a database. `absorbing`: absorbs a batch where the database is, within the transaction
 * of the dialect's connection; by default this thread sends the statements.
 */
export async function openArchiveOn(
  dialect: Dialect,
  options: CarryOverOptions = {},
  absorbing: Absorbing | null = null,
): Promise<Archive> {
  const db = new Kysely<Tables>({ dialect });
  try {
    await migrate(db, options);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  let fence: number | null = null;
  const runs = createRuns(db);
  const index = createRecords(db);
  /** Whether a run has written so much that the log is to be emptied. */
  let logIsLarge = false;
  const shown = createShown();
  const firstLoad = absorbing === null ? noFirstLoad : createFirstLoad(db, () => absorbing.endFirstLoad());

  function writing<T>(write: (tx: Transaction<Tables>) => Promise<T>): Promise<T> {
    return db.transaction().execute(async (tx) => {
      if (fence !== null) await checkLead(tx, fence);
      return write(tx);
    });
  }

  async function absorbIn(
    tx: Transaction<Tables>,
    run: RunInHand,
    records: readonly AbsorbRecord[],
    shownSeq: () => number,
    valueGate: ValueGate | null,
    load = noFirstLoad,
  ): Promise<Pick<Absorbed, 'values'> & { readonly batch: AbsorbedBatch }> {
    await markInFlight(tx);
    run.journalBefore ??= await lastSeq(tx);
    const { journalBefore } = run;
    const seenAt = await seenOffsets(tx, run, records);
    const about = { ...run, journalBefore, valueGate };
    const absorb = (mode: LoadMode): Promise<Absorbed> =>
      absorbing === null
        ? absorbRecords(tx, about, records, seenAt, shownSeq)
        : absorbing.absorb(absorbCall(about, records, seenAt, shown.lastSeen, mode));
    let absorbed = await absorb(await load.modeOf(tx, seenAt.size > 0));
    if (absorbed.needsIndexes) {
      await load.pauseIn(tx);
      absorbed = await absorb('paused');
    }
    const { counts, seen, held, values } = absorbed;
    for (const { ids, offsets } of seen)
      for (const [i, id] of ids.entries()) run.seen.add(id, offsets[i] ?? 0);
    return { batch: { ...counts, held }, values };
  }

  // SQLite has one connection here, and so no one writes while a transaction reads; PostgreSQL shows one instant.
  const reading = isPostgres(db)
    ? db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only')
    : db.transaction();

  return {
    ...runs,
    ...index,
    ...createFeedStates(db),
    ...createPollStates(db),
    ...createValueHolds(db),
    ...createPublishLog(db),
    async recallRecords(run) {
      await index.recallRecords(run);
      // Meanwhile the first records are parsed. What fails here fails with their batch too.
      absorbing?.prepare().catch(() => undefined);
    },
    unknownEvents: (ids) => firstLoad.paused(() => createPublishLog(db).unknownEvents(ids)),
    async beginRun(provider, at) {
      const id = await runs.beginRun(provider, at);
      firstLoad.runBegan(id, provider);
      return id;
    },
    fence: () => fenceOf(db),
    async lead(taken) {
      await db.transaction().execute((tx) => takeLead(tx, taken));
      // Another host may have written since this one led last.
      await firstLoad.end();
      fence = taken;
    },
    absorb: (run, records, valueGate = null) =>
      shown.writing((shownSeq) =>
        writing(async (tx) => (await absorbIn(tx, run, records, shownSeq, valueGate, firstLoad)).batch),
      ),
    absorbPage: (run, records, cursor, next, limits) =>
      shown.writing(async (shownSeq) => {
        await firstLoad.end();
        return writing(async (tx) => {
          const { batch, values } = await absorbIn(tx, run, records, shownSeq, pageGate(cursor, limits));
          if (batch.held !== null) {
            await keepSameFeed(tx, run.provider, cursor);
            return { ...batch, withdrawn: 0, cursor };
          }
          const withdrawn = records.length === 0 ? 0 : await withdrawMissing(tx, run);
          const continued = await continueAt(tx, run.provider, cursor, next, values);
          return { ...batch, withdrawn, cursor: continued };
        });
      }),
    pageCursor: (provider) => pageCursorOf(db, provider),
    withdrawUnseen: (run, gained, limits) =>
      writing(async (tx) => {
        await markInFlight(tx);
        return withdrawUnseen(tx, run, gained, limits, () => firstLoad.pauseIn(tx));
      }),
    frozen: (read) =>
      shown.reading((saw) =>
        firstLoad.withDays(() =>
          reading.execute(async (tx) => {
            saw(await lastSeq(tx));
            return read(createCatalogue(tx));
          }),
        ),
      ),
    // A late leader that cleaned a day could hide its change from who leads now and builds on an older version.
    cleanDays: (published) => writing((tx) => createPublishLog(tx).cleanDays(published)),
    notePublished: (published) => writing((tx) => createPublishLog(tx).notePublished(published)),
    async maintain() {
      try {
        await firstLoad.endWithRuns();
      } finally {
        // Also on a full disk: that is what gives some of it back.
        if (logIsLarge) logIsLarge = !(await emptyLog(db));
      }
    },
    async endRun(id, end) {
      firstLoad.runEnded(id, end.outcome);
      await runs.endRun(id, end);
      const { added = 0, changed = 0 } = end.counts;
      logIsLarge ||= added + changed >= largeRun;
    },
    lastVersion: () => lastVersion(db),
    identity: () => identityOf(db),
    gaveVersion: (given) => gaveVersion(db, given),
    nextVersion: (floor) => writing((tx) => nextVersion(tx, floor)),
    close: () => db.destroy(),
  };
}
