// The statements of a batch: each writes many rows at once.

import { sql, type Transaction } from 'kysely';
import type { Change, KnownEvent } from '#/domain/absorb.ts';
import { dayOf } from '#/domain/calendar.ts';
import type { CatalogueEvent } from '#/domain/event.ts';
import { deflateZones } from '#/domain/zones.ts';
import type { AbsorbRecord, RunInHand } from './batch.ts';
import { insertRows, replacing, valuesOf } from './rows.ts';
import type { Tables } from './schema.ts';
import { lastSeq } from './taken-back.ts';

export interface EventChange {
  readonly id: string;
  readonly baseId: string;
  readonly planId: string;
  readonly recordKey: string;
  readonly change: Change;
}

type Tx = Transaction<Tables>;

const zonesPerStatement = 500;

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
  const columns = ['provider', 'key', 'hash', 'contested'];
  const written = await sql<{ id: number; key: string }>`
    ${insertRows(tx, 'feed_record', columns, [...rows.values()])}
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

export async function writeZones(tx: Tx, zones: ReadonlyMap<string, string>): Promise<void> {
  const rows = [...zones].map(([hash, text]) => ({ hash, zones: deflateZones(text) }));
  for (let i = 0; i < rows.length; i += zonesPerStatement) {
    await tx
      .insertInto('zone_set')
      .values(rows.slice(i, i + zonesPerStatement))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

const eventColumns = [
  'id',
  'provider',
  'base_id',
  'plan_id',
  'record_key',
  'listing',
  'facts',
  'first_seen_at',
  'changed_at',
];
const journalColumns = ['event_id', 'run_id', 'at', 'kind', 'before', 'after'];

/** Events as they are now, and the journal of how they came to be. Gives the journal's last number. */
export async function writeChanges(tx: Tx, run: RunInHand, changes: readonly EventChange[]): Promise<number> {
  if (changes.length > 0) {
    const latest = new Map(changes.map((entry) => [entry.id, entry]));
    const events = Array.from(latest.values(), ({ id, baseId, planId, recordKey, change: { after } }) => {
      const facts = JSON.stringify(after.facts);
      return [id, run.provider, baseId, planId, recordKey, after.listing, facts, run.at, run.at];
    });
    await sql`
      ${insertRows(tx, 'event', eventColumns, events)}
      on conflict (id) do update set ${replacing(['record_key', 'listing', 'facts', 'changed_at'])}`.execute(
      tx,
    );
    const entries = changes.map(({ id, change: { kind, before, after } }) => {
      return [id, run.id, run.at, kind, textOf(before), textOf(after)];
    });
    await insertRows(tx, 'journal', journalColumns, entries).execute(tx);
  }
  return await lastSeq(tx);
}

const textOf = (event: KnownEvent | null): string | null =>
  event === null ? null : JSON.stringify({ listing: event.listing, facts: event.facts });

const catalogueColumns = [
  'id',
  'day',
  'starts_at',
  'ends_at',
  'title',
  'start_local',
  'end_local',
  'min_price',
  'max_price',
] as const;

/** Writes what the search will see from now on, and marks the days whose segments that changes. */
export async function writeCatalogue(tx: Tx, events: readonly CatalogueEvent[], seq: number): Promise<void> {
  if (events.length === 0) return;
  const ids = valuesOf(
    tx,
    events.map((event) => event.id),
  );
  const rows = await tx.selectFrom('catalogue').selectAll().where('id', 'in', ids).execute();
  const before = new Map(rows.map((row) => [row.id, row]));
  const days = new Set<number>();
  const changed = events.flatMap((event) => {
    const row = rowOf(event);
    const old = before.get(event.id);
    if (old !== undefined && catalogueColumns.every((column) => old[column] === row[column])) return [];
    if (old !== undefined) days.add(old.day);
    days.add(row.day);
    return [catalogueColumns.map((column) => row[column])];
  });
  if (changed.length === 0) return;
  await sql`
    ${insertRows(tx, 'catalogue', catalogueColumns, changed)}
    on conflict (id) do update set ${replacing(catalogueColumns.slice(1))}`.execute(tx);
  await markDays(tx, days, seq);
}

/** Takes events away that nobody has seen, and marks their days. */
export async function removeFromCatalogue(tx: Tx, ids: readonly string[], seq: number): Promise<void> {
  if (ids.length === 0) return;
  const rows = await tx
    .deleteFrom('catalogue')
    .where('id', 'in', valuesOf(tx, ids))
    .returning('day')
    .execute();
  if (rows.length > 0) await markDays(tx, new Set(rows.map(({ day }) => day)), seq);
}

async function markDays(tx: Tx, days: ReadonlySet<number>, seq: number): Promise<void> {
  const dirty = Array.from(days, (day) => [day, seq]);
  await sql`
    ${insertRows(tx, 'dirty_day', ['day', 'seq'], dirty)}
    on conflict (day) do update set ${replacing(['seq'])}`.execute(tx);
}

const rowOf = (event: CatalogueEvent): Tables['catalogue'] => ({
  id: event.id,
  day: dayOf(event.start),
  starts_at: event.start,
  ends_at: event.end,
  title: event.title,
  start_local: event.startLocal,
  end_local: event.endLocal,
  min_price: event.minPrice,
  max_price: event.maxPrice,
});

export async function setListing(
  tx: Tx,
  ids: readonly string[],
  listing: 'listed' | 'missing',
): Promise<void> {
  if (ids.length === 0) return;
  await tx.updateTable('event').set({ listing }).where('id', 'in', valuesOf(tx, ids)).execute();
}

/** Events that come under another record than before: the provider's format was changed. */
export async function setRecordKeys(tx: Tx, keys: ReadonlyMap<string, string>): Promise<void> {
  for (const [id, key] of keys)
    await tx.updateTable('event').set({ record_key: key }).where('id', '=', id).execute();
}
