// The statements of a batch: each writes many rows at once.

import { sql, type Transaction } from 'kysely';
import { sameDetails, type Change } from '#/domain/absorb.ts';
import { dayOf } from '#/domain/calendar.ts';
import type { CatalogueEvent } from '#/domain/event.ts';
import type { AbsorbRecord, RunInHand } from './batch.ts';
import { factsText, sameShown, shownColumns, stateText } from './known.ts';
import {
  executeRows,
  idsOf,
  insertRows,
  isPostgres,
  replacing,
  valuesOf,
  type Row,
  type Shape,
} from './rows.ts';
import type { Tables } from './tables/schema.ts';
import { lastSeq } from './taken-back.ts';

export interface EventChange {
  /** Its number; null when it is new. */
  readonly n: number | null;
  readonly id: string;
  readonly baseId: string;
  readonly planId: string;
  readonly recordKey: string;
  readonly change: Change;
  /** The text of its new zones; null when they are as before. */
  readonly zones: string | null;
  /** What the search sees of it until now, and from now on. */
  readonly shownBefore: CatalogueEvent | null;
  readonly shown: CatalogueEvent | null;
}

type Tx = Transaction<Tables>;

const recordShape: Shape = { provider: 'text', key: 'text', hash: 'text', contested: 'bigint' };

export interface WrittenRecords {
  /** Keys of which there is more than one record. */
  readonly contested: ReadonlySet<string>;
  /** Records that are not to be absorbed: the feed has a later one of their key, which is what is known already. */
  readonly outdated: ReadonlySet<AbsorbRecord>;
}

/**
 * Notes each record as the last one absorbed for its key, and as seen. No hash stands for a contested key, so that every
 * run reads all its records again, to fold them in the order of the feed.
 */
export async function writeRecords(
  tx: Tx,
  run: RunInHand,
  records: readonly AbsorbRecord[],
): Promise<WrittenRecords> {
  const rows = new Map<string, [provider: string, key: string, hash: string, contested: number]>();
  const contested = new Set<string>();
  const outdated = new Set<AbsorbRecord>();
  const seen = await seenKeys(tx, run, records);
  for (const record of records) {
    const { key } = record.parsed;
    if (key === null) continue;
    const seenAt = seen.get(key) ?? -1;
    if (record.contested || rows.has(key) || seenAt >= 0) contested.add(key);
    if (seenAt > record.offset) outdated.add(record);
    const again = contested.has(key) || record.parsed.faults.length > 0;
    rows.set(key, [run.provider, key, again ? '' : record.hash, Number(contested.has(key))]);
  }
  const written = await insertRows<{ id: number; key: string }>(
    tx,
    'feed_record',
    recordShape,
    [...rows.values()],
    `on conflict (provider, key) do update set ${replacing(['hash', 'contested'])} returning id, key`,
  );
  const offsets = new Map(records.map(({ parsed, offset }) => [parsed.key, offset]));
  for (const { id, key } of written) run.seen.add(id, offsets.get(key) ?? 0);
  return { contested, outdated };
}

/** Where in the feed the run has met the records' keys; -1 if not yet. From now on none is known by the hash absorbed last. */
async function seenKeys(
  tx: Tx,
  run: RunInHand,
  records: readonly AbsorbRecord[],
): Promise<Map<string, number>> {
  const keys = records.flatMap(({ parsed }) => parsed.key ?? []);
  const rows = await tx
    .selectFrom('feed_record')
    .select(['id', 'key', 'hash'])
    .where('provider', '=', run.provider)
    .where('key', 'in', valuesOf(tx, keys))
    .execute();
  return new Map(
    rows.map(({ id, key, hash }) => {
      // The feed is read on meanwhile. A later record with these bytes either has been met by now, and counts as later, or is
      // no longer known, and is absorbed: both in the step that reads where it was met.
      run.known.delete(hash);
      return [key, run.seen.offset(id)];
    }),
  );
}

const eventShape: Shape = {
  n: 'bigint',
  id: 'uuid',
  provider: 'text',
  base_id: 'text',
  plan_id: 'text',
  record_key: 'text',
  listing: 'text',
  facts: 'text',
  day: 'bigint',
  shown: 'text',
  first_seen_at: 'bigint',
  changed_at: 'bigint',
  zones: 'zones',
};
const mutable = ['record_key', 'listing', 'facts', 'day', 'shown', 'changed_at'];

/** Events as they are now, the journal of how they came to be, and the days on which the search sees a difference. */
export async function writeChanges(tx: Tx, run: RunInHand, changes: readonly EventChange[]): Promise<void> {
  if (changes.length === 0) return;
  const numbers = await freeNumbers(tx, changes.filter(({ n }) => n === null).length);
  const entries = changes.map((change): [change: EventChange, n: number] => [
    change,
    change.n ?? numbers.next().value ?? 0,
  ]);
  const rowOf = ([event, n]: (typeof entries)[number]): Row => {
    const { id, baseId, planId, recordKey, change, shown, zones } = event;
    const { listing, facts } = change.after;
    const columns = [listing, factsText(facts), ...shownColumns(facts, shown), run.at, run.at, zones];
    return [n, id, run.provider, baseId, planId, recordKey, ...columns];
  };
  const added = entries.filter(([{ n }]) => n === null).map(rowOf);
  const changed = entries.filter(([{ n }]) => n !== null).map(rowOf);
  await insertRows(tx, 'known_event', eventShape, added, '');
  // Before the rows change: an entry keeps the zones that are about to be replaced there.
  await writeJournal(tx, run, entries);
  await executeRows(tx, eventShape, changed, ({ col, table }) => {
    const set = mutable.map((column) => `${column} = ${col(column)}`).join(', ');
    const from = table === null ? '' : `from ${table}`;
    return `update known_event set ${set}, zones = coalesce(${col('zones')}, known_event.zones)
      ${from} where known_event.n = ${col('n')}`;
  });
  await markDays(tx, daysSeen(changes), await lastSeq(tx));
}

/** Numbers that no event has. SQLite has one writer at a time; PostgreSQL never gives one twice. */
async function freeNumbers(tx: Tx, count: number): Promise<Iterator<number, undefined>> {
  if (count === 0) return [].values();
  if (isPostgres(tx)) {
    const { rows } = await sql<{ n: number }>`
      select nextval(pg_get_serial_sequence('known_event', 'n')) as n from generate_series(1, ${count}::int)`.execute(
      tx,
    );
    return rows.map(({ n }) => n).values();
  }
  const last = await tx
    .selectFrom('known_event')
    .select((eb) => eb.fn.max('n').as('n'))
    .executeTakeFirst();
  const first = (last?.n ?? 0) + 1;
  return Array.from({ length: count }, (_, i) => first + i).values();
}

const journalShape: Shape = {
  event: 'bigint',
  run_id: 'bigint',
  at: 'bigint',
  kind: 'text',
  before: 'text',
  /** Whether the zones of the event are about to be replaced: 1 or 0. */
  replaces: 'bigint',
};

async function writeJournal(
  tx: Tx,
  run: RunInHand,
  entries: readonly (readonly [change: EventChange, n: number])[],
): Promise<void> {
  const rows = entries.map(([{ change, zones }, n]): Row => {
    const { kind, before } = change;
    const state = before === null ? null : stateText(before);
    return [n, run.id, run.at, kind, state, Number(before !== null && zones !== null)];
  });
  await executeRows(tx, journalShape, rows, ({ col, table }) => {
    const values = ['event', 'run_id', 'at', 'kind', 'before'].map(col).join(', ');
    const zones = `(select zones from known_event where n = ${col('event')})`;
    const all = `${values}, case ${col('replaces')} when 1 then ${zones} end`;
    const source = table === null ? `values (${all})` : `select ${all} from ${table}`;
    return `insert into journal_entry (event, run_id, at, kind, before, zones) ${source}`;
  });
}

/** The days whose segments the changes make another. */
function daysSeen(changes: readonly EventChange[]): Set<number> {
  const days = new Set<number>();
  for (const { shownBefore, shown, change } of changes) {
    if (sameShown(shownBefore, shown) && sameDetails(change.before, change.after)) continue;
    if (shownBefore !== null) days.add(dayOf(shownBefore.start));
    if (shown !== null) days.add(dayOf(shown.start));
  }
  return days;
}

async function markDays(tx: Tx, days: ReadonlySet<number>, seq: number): Promise<void> {
  if (days.size === 0) return;
  const dirty = Array.from(days, (day): Row => [day, seq]);
  const shape: Shape = { day: 'bigint', seq: 'bigint' };
  await insertRows(tx, 'dirty_day', shape, dirty, `on conflict (day) do update set ${replacing(['seq'])}`);
}

export async function setListing(
  tx: Tx,
  ids: readonly string[],
  listing: 'listed' | 'missing',
): Promise<void> {
  if (ids.length === 0) return;
  await tx.updateTable('known_event').set({ listing }).where('id', 'in', idsOf(tx, ids)).execute();
}

/** Events that come under another record than before: the provider's format was changed. */
export async function setRecordKeys(tx: Tx, keys: ReadonlyMap<string, string>): Promise<void> {
  await executeRows(tx, { id: 'uuid', record_key: 'text' }, [...keys], ({ col, table }) => {
    const from = table === null ? '' : `from ${table}`;
    return `update known_event set record_key = ${col('record_key')} ${from} where known_event.id = ${col('id')}`;
  });
}
