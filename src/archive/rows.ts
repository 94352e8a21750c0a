// Many rows in one statement, which names them `given`. SQLite executes it once per row, which costs a fraction of
// unpacking them from a text; PostgreSQL is sent one JSON text with all of them. The SQL around `given` is the same.

import { PostgresAdapter, sql, type Kysely, type RawBuilder } from 'kysely';
import { deflateZones } from '#/domain/zones.ts';
import type { Tables } from './tables/schema.ts';

export type Db = Kysely<Tables>;
type Value = string | number | null;
export type Row = readonly Value[];

/** What a column holds. `uuid` and `zones` are given as texts, and kept as bytes. */
export type Kind = 'text' | 'bigint' | 'uuid' | 'zones';
export type Shape = Readonly<Record<string, Kind>>;

/** The parameter of a statement of SQLite that is executed once for each of the rows. */
export class GivenRows {
  readonly rows: readonly Row[];
  constructor(rows: readonly Row[]) {
    this.rows = rows;
  }
}

export const isPostgres = (db: Db): boolean => db.getExecutor().adapter instanceof PostgresAdapter;

/** A table expression `given` with the columns of `shape`. A statement has one, and no other parameter. */
export function given(db: Db, shape: Shape, rows: readonly Row[]): RawBuilder<unknown> {
  const columns = Object.entries(shape);
  if (isPostgres(db)) {
    const objects = rows.map((row) =>
      Object.fromEntries(columns.map(([name, kind], i) => [name, asJson(kind, row[i] ?? null)])),
    );
    const types = columns.map(([name, kind]) => sql`${sql.ref(name)} ${sql.raw(postgresTypes[kind])}`);
    return sql`json_to_recordset(${JSON.stringify(objects)}::json) as given(${sql.join(types)})`;
  }
  // The driver finds the rows in the first parameter, and binds each of them to all.
  const selected = columns.map(([name, kind], i) => {
    const value = sql`${i === 0 ? new GivenRows(rows) : null}`;
    return sql`${sqliteValue(kind, value)} as ${sql.ref(name)}`;
  });
  return sql`(select ${sql.join(selected)}) as given`;
}

const postgresTypes: Record<Kind, string> = { text: 'text', bigint: 'bigint', uuid: 'uuid', zones: 'bytea' };

function asJson(kind: Kind, value: Value): Value {
  if (kind !== 'zones' || typeof value !== 'string') return value;
  return String.raw`\x${Buffer.from(deflateZones(value)).toString('hex')}`;
}

function sqliteValue(kind: Kind, value: RawBuilder<unknown>): RawBuilder<unknown> {
  if (kind === 'uuid') return sql`unhex(${value}, '-')`;
  return kind === 'zones' ? sql`deflate_long(${value})` : value;
}

/** `insert into table (columns of shape) select … where true`; what to do on a conflict may follow. */
export function insertRows(
  db: Db,
  table: keyof Tables,
  shape: Shape,
  rows: readonly Row[],
): RawBuilder<unknown> {
  const names = sql.join(Object.keys(shape).map((column) => sql.ref(column)));
  return sql`insert into ${sql.table(table)} (${names}) select ${names} from ${given(db, shape, rows)} where true`;
}

/** For `on conflict … do update set`: each column takes the value that was to be inserted. */
export const replacing = (columns: readonly string[]): RawBuilder<unknown> =>
  sql.join(columns.map((column) => sql`${sql.ref(column)} = excluded.${sql.ref(column)}`));

/** A list for `in`: the values of one column, all texts or all numbers. */
export function valuesOf<T extends string | number>(db: Db, values: readonly T[]): RawBuilder<T> {
  const list = JSON.stringify(values);
  if (!isPostgres(db)) return sql`(select value from json_each(${list}))`;
  const value = typeof values[0] === 'number' ? sql`value::bigint` : sql`value`;
  return sql`(select ${value} from jsonb_array_elements_text(${list}::jsonb))`;
}

/** The same for UUIDs; what is none is in no list. */
export function idsOf(db: Db, ids: readonly string[]): RawBuilder<string> {
  const list = JSON.stringify(ids);
  if (!isPostgres(db)) return sql`(select unhex(value, '-') from json_each(${list}))`;
  return sql`(select value::uuid from jsonb_array_elements_text(${list}::jsonb))`;
}

/** A column of UUIDs, selected as text. SQLite leaves out the hyphens: see `uuidIn`. */
export const uuidText = (db: Db, column: string): RawBuilder<string> =>
  isPostgres(db) ? sql`${sql.ref(column)}::text` : sql`lower(hex(${sql.ref(column)}))`;

/** The UUID in the text that `uuidText` selected. */
export const uuidIn = (text: string): string =>
  text.length === 36
    ? text
    : `${text.slice(0, 8)}-${text.slice(8, 12)}-${text.slice(12, 16)}-${text.slice(16, 20)}-${text.slice(20)}`;
