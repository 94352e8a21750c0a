// The rows of records: the hash of the last one absorbed for each key, and whether a feed has several records of it.

import { notesOf } from '#/domain/packed/records.ts';
import { keyOf, type AbsorbRecord, type RunInHand, type RunRef } from './batch.ts';
import { haveRepeated } from './repeated-ids.ts';
import { sql } from 'kysely';
import {
  digestText,
  insertRows,
  isPostgres,
  replacing,
  rowsOf,
  valuesOf,
  type Db,
  type Row,
  type Rows,
  type Shape,
} from '#/archive/rows.ts';

/** Row ids, and the offsets of the records in the feed: numbers that are sent to another thread at once. */
export interface SeenRecords {
  readonly ids: Float64Array;
  readonly offsets: Float64Array;
}

export interface WrittenRecords {
  /** Keys of which there is more than one record. */
  readonly contested: ReadonlySet<string>;
  /** Records that must not be absorbed: the feed has a later one of their key, which is known already. */
  readonly outdated: ReadonlySet<AbsorbRecord>;
  readonly seen: readonly SeenRecords[];
}

const recordShape: Shape = { provider: 'text', key: 'text', hash: 'digest', contested: 'bigint' };

/**
 * By key, the offset at which the run has met a record of that key; -1 if it has not met one yet. Keys without a row are absent.
 * From now on no record of these keys is known by the hash that was absorbed last.
 */
export async function seenOffsets(
  db: Db,
  run: RunInHand,
  records: readonly AbsorbRecord[],
): Promise<Map<string, number>> {
  const all = records.flatMap((record) => keyOf(record) ?? []);
  const keys = run.metKeys?.again(all) ?? all;
  if (keys.length === 0) return new Map();
  const rows = await db
    .selectFrom('feed_record')
    .select(['id', 'key', digestText(db, 'hash').as('hash')])
    .where('provider', '=', run.provider)
    .where('key', 'in', valuesOf(db, keys))
    .execute();
  return new Map(
    rows.map(({ id, key, hash }) => {
      // The run continues to read the feed meanwhile. A later record with these bytes either has been met by now, and counts as
      // later, or is no longer known, and is absorbed: both in the step that reads where it was met.
      run.known.delete(hash);
      return [key, run.seen.offset(id)];
    }),
  );
}

/**
 * Stores each record as the last one absorbed for its key. A contested key has no hash, so that every run reads all its records
 * again and merges them in the order of the feed. `seenAt`: see `seenOffsets`.
 */
export async function writeRecords(
  db: Db,
  run: RunRef,
  records: readonly AbsorbRecord[],
  seenAt: ReadonlyMap<string, number>,
): Promise<WrittenRecords> {
  const keyed = records.filter((record) => keyOf(record) !== null);
  const { last, contested, outdated } = areApart(keyed, seenAt)
    ? { last: keyed, contested: noKeys, outdated: noRecords }
    : compared(keyed, seenAt);
  const rowIn = (given: readonly AbsorbRecord[]): Rows =>
    rowsOf(given.length, (i) => recordRow(run, given[i] as AbsorbRecord, contested));
  const isKnown = (record: AbsorbRecord): boolean => seenAt.has(keyIn(record));
  const known = seenAt.size === 0 ? [] : last.filter(isKnown);
  const added = seenAt.size === 0 ? last : last.filter((record) => !isKnown(record));
  const seen = [await replaceRecords(db, known, rowIn(known)), await addRecords(db, added, rowIn(added))];
  return { contested, outdated, seen };
}

/** Whether no key has a row or is there twice: nothing need be compared, which spares several Maps of all keys. */
const areApart = (records: readonly AbsorbRecord[], seenAt: ReadonlyMap<string, number>): boolean =>
  seenAt.size === 0 && !records.some(({ contested }) => contested) && !haveRepeated(records.map(keyIn));

const noKeys: ReadonlySet<string> = new Set();
const noRecords: ReadonlySet<AbsorbRecord> = new Set();

/** The last record of each key, and what came before it. */
function compared(records: readonly AbsorbRecord[], seenAt: ReadonlyMap<string, number>) {
  const last = new Map<string, AbsorbRecord>();
  const contested = new Set<string>();
  const outdated = new Set<AbsorbRecord>();
  for (const record of records) {
    const key = keyIn(record);
    const before = seenAt.get(key) ?? -1;
    if (record.contested || before >= 0 || last.has(key)) contested.add(key);
    if (before > record.offset) outdated.add(record);
    last.set(key, record);
  }
  return { last: [...last.values()], contested, outdated };
}

/** Of a record that has a key. */
const keyIn = (record: AbsorbRecord): string => keyOf(record) ?? '';

function recordRow(run: RunRef, record: AbsorbRecord, contested: ReadonlySet<string>): Row {
  const key = keyIn(record);
  const isContested = contested.size > 0 && contested.has(key);
  const again = isContested || notesOf(record.batch, record.index).faults.length > 0;
  return [run.provider, key, again ? '' : record.hash, Number(isContested)];
}

async function replaceRecords(db: Db, records: readonly AbsorbRecord[], rows: Rows): Promise<SeenRecords> {
  const replace = `on conflict (provider, key) do update set ${replacing(['hash', 'contested'])}`;
  return seenIn(
    records,
    await insertRows(db, 'feed_record', recordShape, rows, `${replace} returning id, key`),
  );
}

/** Keys that have no row. SQLite counts the ids of rows that it inserts, which costs half of returning them. */
async function addRecords(db: Db, records: readonly AbsorbRecord[], rows: Rows): Promise<SeenRecords> {
  if (isPostgres(db))
    return seenIn(records, await insertRows(db, 'feed_record', recordShape, rows, 'returning id, key'));
  await insertRows(db, 'feed_record', recordShape, rows, '');
  const { rows: counted } = await sql<{ last: number }>`select last_insert_rowid() as last`.execute(db);
  const first = (counted[0]?.last ?? 0) - records.length + 1;
  return {
    ids: Float64Array.from(records, (_, i) => first + i),
    offsets: Float64Array.from(records, ({ offset }) => offset),
  };
}

/** `written`: the rows of the records, in any order. */
function seenIn(
  records: readonly AbsorbRecord[],
  written: readonly { readonly id: number; readonly key: string }[],
): SeenRecords {
  const offsets = new Map(records.map((record) => [keyIn(record), record.offset]));
  return {
    ids: Float64Array.from(written, ({ id }) => id),
    offsets: Float64Array.from(written, ({ key }) => offsets.get(key) ?? 0),
  };
}
