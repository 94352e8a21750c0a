// A complete feed has the last word on what is listed: what it no longer has is withdrawn, and stays searchable. Unless
// it has lost so much that an operator should look first.

import { sql, type Transaction } from 'kysely';
import { withdraw } from '#/domain/absorb.ts';
import { growth, judge, type GateLimits } from '#/domain/gate.ts';
import type { Refusal } from '#/domain/refusal.ts';
import type { RunInHand, RunRef } from './batch.ts';
import { noteHeldRecords } from './held-records.ts';
import { endQuarantine } from '#/archive/runs/quarantine.ts';
import { eventsAtMost, selectKnown, storedEvent } from '#/archive/known.ts';
import { valuesOf, type Db } from '#/archive/rows.ts';
import type { Tables } from '#/archive/tables/schema.ts';
import { writeChanges, type EventChange } from './writes.ts';

type Tx = Transaction<Tables>;

export interface Withdrawal {
  readonly withdrawn: number;
  /** Why nothing was; the events wait, listed as before, for an operator or for a feed that has them again. */
  readonly held: Refusal | null;
  /** That the feed grew beyond belief, where nothing was to be held for it. */
  readonly grown: Refusal | null;
}

const pageRows = 2000;

/**
 * `gained`: events that this run has added or listed again. `withIndexes`: called before events are read by their records, which the
 * end of a first load need not.
 */
export async function withdrawUnseen(
  tx: Tx,
  run: RunInHand,
  gained: number,
  limits: GateLimits,
  withIndexes: () => Promise<void>,
): Promise<Withdrawal> {
  await endQuarantine(tx, run);
  const unseen = await unseenRecords(tx, run);
  if (unseen.length > 0) await withIndexes();
  const lost = await countLost(tx, run, unseen);
  if (lost === 0 && unseen.length === 0) {
    await settle(tx, run, null, 0, []);
    // Where all events may be those of this run, they need not be counted.
    const before =
      gained === 0 || gained >= (await eventsAtMost(tx)) ? 0 : (await countListed(tx, run)) - gained;
    return { withdrawn: 0, held: null, grown: growth({ before, lost, gained }, limits) };
  }
  const listed = await countListed(tx, run);
  const held = judge({ before: listed - gained, lost, gained }, limits, await approvedEvents(tx, run));
  await settle(tx, run, held, lost, unseen);
  if (held !== null) return { withdrawn: 0, held, grown: null };

  let withdrawn = await withdrawWhere(tx, run, sql`listing = 'missing'`);
  for (let i = 0; i < unseen.length; i += pageRows) {
    const page = unseen.slice(i, i + pageRows);
    const keys = valuesOf(
      tx,
      page.map(({ key }) => key),
    );
    withdrawn += await withdrawWhere(tx, run, sql`listing <> 'withdrawn' and record_key in ${keys}`);
    // Should a record come back as it was, it must be read again to be listed again.
    const ids = valuesOf(
      tx,
      page.map(({ id }) => id),
    );
    await tx.deleteFrom('feed_record').where('id', 'in', ids).execute();
  }
  return { withdrawn, held: null, grown: null };
}

/** Withdraws the events that their own record no longer has, where a feed reports deletions one by one. */
export const withdrawMissing = (tx: Tx, run: RunRef): Promise<number> =>
  withdrawWhere(tx, run, sql`listing = 'missing'`);

interface UnseenRecord {
  readonly id: number;
  readonly key: string;
}

/** Records of earlier feeds that this run has not met. */
async function unseenRecords(tx: Tx, run: RunInHand): Promise<UnseenRecord[]> {
  const { known } = await tx
    .selectFrom('feed_record')
    .select((eb) => eb.fn.countAll<number>().as('known'))
    .where('provider', '=', run.provider)
    .executeTakeFirstOrThrow();
  if (known === run.seen.size) return [];
  const unseen: UnseenRecord[] = [];
  for (let after = 0; ;) {
    const page = await tx
      .selectFrom('feed_record')
      .select(['id', 'key'])
      .where('provider', '=', run.provider)
      .where('id', '>', after)
      .orderBy('id')
      .limit(pageRows)
      .execute();
    unseen.push(...page.filter(({ id }) => run.seen.offset(id) < 0));
    if (page.length < pageRows) return unseen;
    after = page.at(-1)?.id ?? after;
  }
}

async function countLost(tx: Tx, run: RunInHand, unseen: readonly UnseenRecord[]): Promise<number> {
  let lost = await countWhere(tx, run, sql`listing = 'missing'`);
  for (let i = 0; i < unseen.length; i += pageRows) {
    const keys = valuesOf(
      tx,
      unseen.slice(i, i + pageRows).map(({ key }) => key),
    );
    lost += await countWhere(tx, run, sql`listing = 'listed' and record_key in ${keys}`);
  }
  return lost;
}

/** The events of the run's provider that are not withdrawn. */
export const countListed = (db: Db, run: RunRef): Promise<number> =>
  countWhere(db, run, sql`listing <> 'withdrawn'`);

type Condition = ReturnType<typeof sql>;

async function countWhere(db: Db, run: RunRef, condition: Condition): Promise<number> {
  const { events } = await db
    .selectFrom('known_event')
    .select((eb) => eb.fn.countAll<number>().as('events'))
    .where('provider', '=', run.provider)
    .where(sql<boolean>`${condition}`)
    .executeTakeFirstOrThrow();
  return events;
}

async function approvedEvents(tx: Tx, run: RunInHand): Promise<number> {
  const state = await tx
    .selectFrom('feed_state')
    .select('approved_events')
    .where('provider', '=', run.provider)
    .executeTakeFirst();
  return state?.approved_events ?? 0;
}

/** Stores what is held; an approval is used up by the first complete feed that withdraws. */
async function settle(
  tx: Tx,
  run: RunInHand,
  held: Refusal | null,
  lost: number,
  unseen: readonly UnseenRecord[],
): Promise<void> {
  const state =
    held === null
      ? { held_run_id: null, held_events: null, held_reason: null, approved_events: 0 }
      : { held_run_id: run.id, held_events: lost, held_reason: held.message };
  await tx.updateTable('feed_state').set(state).where('provider', '=', run.provider).execute();
  await noteHeldRecords(tx, run.provider, held === null ? [] : unseen.map(({ id }) => id));
}

async function withdrawWhere(tx: Tx, run: RunRef, condition: Condition): Promise<number> {
  const rows = await selectKnown(tx)
    .where('provider', '=', run.provider)
    .where(sql<boolean>`${condition}`)
    .execute();
  const changes = rows.map((row): EventChange => {
    const { n, id, key, shown, listing, facts } = storedEvent(row);
    const change = withdraw({ listing, facts });
    return { n, id, recordKey: key, change, zones: null, shownBefore: shown, shown };
  });
  await writeChanges(tx, run, changes);
  return changes.length;
}
