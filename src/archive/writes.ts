// The statements of a batch: each writes many rows at once.

import { sql, type Transaction } from 'kysely';
import type { Change, KnownEvent } from '#/domain/absorb.ts';
import { dayOf } from '#/domain/calendar.ts';
import type { CatalogueEvent } from '#/domain/event.ts';
import type { AbsorbRecord, RunInHand } from './batch.ts';
import { sameShown, shownColumns } from './known.ts';
import { given, idsOf, insertRows, isPostgres, replacing, valuesOf, type Row, type Shape } from './rows.ts';
import type { Tables } from './tables/schema.ts';
import { lastSeq } from './taken-back.ts';

export interface EventChange {
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
    const seenAt = seen.get(key)?.offset ?? -1;
    if (record.contested || rows.has(key) || seenAt >= 0) contested.add(key);
    if (seenAt > record.offset) outdated.add(record);
    const again = contested.has(key) || record.parsed.faults.length > 0;
    rows.set(key, [run.provider, key, again ? '' : record.hash, Number(contested.has(key))]);
  }
  const written = await sql<{ id: number; key: string }>`
    ${insertRows(tx, 'feed_record', recordShape, [...rows.values()])}
    on conflict (provider, key) do update set ${replacing(['hash', 'contested'])}
    returning id, key`.execute(tx);
  for (const { hash } of seen.values()) run.known.delete(hash);
  const offsets = new Map(records.map(({ parsed, offset }) => [parsed.key, offset]));
  for (const { id, key } of written.rows) run.seen.add(id, offsets.get(key) ?? 0);
  return { contested, outdated };
}

/** What is known of the records' keys: the hash absorbed last, and where in the feed the run has met them; -1 if not yet. */
async function seenKeys(
  tx: Tx,
  run: RunInHand,
  records: readonly AbsorbRecord[],
): Promise<Map<string, { hash: string; offset: number }>> {
  const keys = records.flatMap(({ parsed }) => parsed.key ?? []);
  const rows = await tx
    .selectFrom('feed_record')
    .select(['id', 'key', 'hash'])
    .where('provider', '=', run.provider)
    .where('key', 'in', valuesOf(tx, keys))
    .execute();
  return new Map(rows.map(({ id, key, hash }) => [key, { hash, offset: run.seen.offset(id) }]));
}

const eventShape: Shape = {
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
  const rows = changes.map((event): [isNew: boolean, row: Row] => {
    const { id, baseId, planId, recordKey, change, shown, zones } = event;
    const { listing, facts } = change.after;
    const columns = [listing, JSON.stringify(facts), ...shownColumns(facts, shown), run.at, run.at, zones];
    return [change.before === null, [id, run.provider, baseId, planId, recordKey, ...columns]];
  });
  const added = rows.filter(([isNew]) => isNew).map(([, row]) => row);
  const changed = rows.filter(([isNew]) => !isNew).map(([, row]) => row);
  if (added.length > 0) {
    await sql`
      ${insertRows(tx, 'known_event', eventShape, added)}
      on conflict (id) do update set ${replacing([...mutable, 'zones'])}`.execute(tx);
  }
  // Between the two: the entry of an event needs its row, and keeps the zones that are about to be replaced there.
  await writeJournal(tx, run, changes);
  if (changed.length > 0) {
    const set = sql.join(mutable.map((column) => sql`${sql.ref(column)} = ${sql.ref(`given.${column}`)}`));
    await sql`
      update known_event set ${set}, zones = coalesce(given.zones, known_event.zones)
      from ${given(tx, eventShape, changed)} where known_event.id = given.id`.execute(tx);
  }
  await markDays(tx, daysSeen(changes), await lastSeq(tx));
}

const journalShape: Shape = {
  place: 'bigint',
  id: 'uuid',
  run_id: 'bigint',
  at: 'bigint',
  kind: 'text',
  before: 'text',
  replaces: 'bigint',
};

async function writeJournal(tx: Tx, run: RunInHand, changes: readonly EventChange[]): Promise<void> {
  const rows = changes.map(({ id, change: { kind, before }, zones }, place): Row => {
    const replaces = before !== null && zones !== null;
    return [place, id, run.id, run.at, kind, textOf(before), Number(replaces)];
  });
  const order = isPostgres(tx) ? sql`order by given.place` : sql``;
  await sql`
    insert into journal_entry (event, run_id, at, kind, before, zones)
    select e.n, given.run_id, given.at, given.kind, given.before, case given.replaces when 1 then e.zones end
    from ${given(tx, journalShape, rows)} join known_event e on e.id = given.id ${order}`.execute(tx);
}

const textOf = (event: KnownEvent | null): string | null =>
  event === null ? null : JSON.stringify({ listing: event.listing, facts: event.facts });

/** The days whose segments the changes make another. */
function daysSeen(changes: readonly EventChange[]): Set<number> {
  const days = new Set<number>();
  for (const { shownBefore, shown } of changes) {
    if (sameShown(shownBefore, shown)) continue;
    if (shownBefore !== null) days.add(dayOf(shownBefore.start));
    if (shown !== null) days.add(dayOf(shown.start));
  }
  return days;
}

async function markDays(tx: Tx, days: ReadonlySet<number>, seq: number): Promise<void> {
  if (days.size === 0) return;
  const dirty = Array.from(days, (day): Row => [day, seq]);
  await sql`
    ${insertRows(tx, 'dirty_day', { day: 'bigint', seq: 'bigint' }, dirty)}
    on conflict (day) do update set ${replacing(['seq'])}`.execute(tx);
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
  if (keys.size === 0) return;
  await sql`
    update known_event set record_key = given.record_key
    from ${given(tx, { id: 'uuid', record_key: 'text' }, [...keys])} where known_event.id = given.id`.execute(
    tx,
  );
}
