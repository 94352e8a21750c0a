// The rows of records: the hash of the last one absorbed for each key, and whether a feed has several records of it.

import { notesOf } from '#/domain/packed/records.ts';
import { keyOf, type AbsorbRecord, type RunInHand, type RunRef } from './batch.ts';
import { sql } from 'kysely';
import {
  digestText,
  insertRows,
  isPostgres,
  replacing,
  valuesOf,
  type Db,
  type Shape,
} from '#/archive/rows.ts';

/** Row ids, and the offsets of the records in the feed. */
export interface SeenRecords {
  readonly ids: readonly number[];
  readonly offsets: readonly number[];
}

export interface WrittenRecords {
  /** Keys of which there is more than one record. */
  readonly contested: ReadonlySet<string>;
  /** Records that must not be absorbed: the feed has a later one of their key, which is known already. */
  readonly outdated: ReadonlySet<AbsorbRecord>;
  readonly seen: SeenRecords;
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
  const keys = records.flatMap((record) => keyOf(record) ?? []);
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
  const rows = new Map<string, [provider: string, key: string, hash: string, contested: number]>();
  const offsets = new Map<string, number>();
  const contested = new Set<string>();
  const outdated = new Set<AbsorbRecord>();
  for (const record of records) {
    const key = keyOf(record);
    if (key === null) continue;
    const before = seenAt.get(key) ?? -1;
    if (record.contested || before >= 0 || rows.has(key)) contested.add(key);
    if (before > record.offset) outdated.add(record);
    const isContested = contested.has(key);
    const again = isContested || notesOf(record.batch, record.index).faults.length > 0;
    rows.set(key, [run.provider, key, again ? '' : record.hash, Number(isContested)]);
    offsets.set(key, record.offset);
  }
  const all = [...rows.values()];
  const known = all.filter(([, key]) => seenAt.has(key));
  const added = all.filter(([, key]) => !seenAt.has(key));
  const written = [...(await replaceRecords(db, known)), ...(await addRecords(db, added))];
  const seen = {
    ids: written.map(({ id }) => id),
    offsets: written.map(({ key }) => offsets.get(key) ?? 0),
  };
  return { contested, outdated, seen };
}

type RecordRow = readonly [provider: string, key: string, hash: string, contested: number];
type WrittenRow = { readonly id: number; readonly key: string };

const replaceRecords = (db: Db, rows: readonly RecordRow[]): Promise<readonly WrittenRow[]> =>
  insertRows(
    db,
    'feed_record',
    recordShape,
    rows,
    `on conflict (provider, key) do update set ${replacing(['hash', 'contested'])} returning id, key`,
  );

/** Keys that have no row. SQLite counts the ids of rows that it inserts, which costs half of returning them. */
async function addRecords(db: Db, rows: readonly RecordRow[]): Promise<readonly WrittenRow[]> {
  if (isPostgres(db)) return insertRows(db, 'feed_record', recordShape, rows, 'returning id, key');
  await insertRows(db, 'feed_record', recordShape, rows, '');
  const { rows: counted } = await sql<{ last: number }>`select last_insert_rowid() as last`.execute(db);
  const last = counted[0]?.last ?? 0;
  return rows.map(([, key], i) => ({ id: last - rows.length + 1 + i, key }));
}
