// Many rows in one statement and one parameter: they travel as a JSON text that the database unpacks, so that a batch of
// a thousand costs one statement of constant text, compiled once. SQLite and PostgreSQL unpack in different words.

import { PostgresAdapter, sql, type Kysely, type RawBuilder } from 'kysely';
import type { Tables } from './schema.ts';

export type Db = Kysely<Tables>;
type Row = readonly (string | number | null)[];

export const isPostgres = (db: Db): boolean => db.getExecutor().adapter instanceof PostgresAdapter;

/** `insert into table (columns) select … where true`; what to do on a conflict may follow. */
export function insertRows(
  db: Db,
  table: keyof Tables,
  columns: readonly string[],
  rows: readonly Row[],
): RawBuilder<unknown> {
  const names = sql.join(columns.map((column) => sql.ref(column)));
  return sql`insert into ${sql.table(table)} (${names}) select * from ${rowsOf(db, table, columns, rows)} where true`;
}

/** A table expression with the given columns, in this order. */
function rowsOf(
  db: Db,
  table: keyof Tables,
  columns: readonly string[],
  rows: readonly Row[],
): RawBuilder<unknown> {
  if (isPostgres(db)) {
    const objects = rows.map((row) => Object.fromEntries(columns.map((column, i) => [column, row[i]])));
    const names = sql.join(columns.map((column) => sql.ref(column)));
    // The table itself tells the types of its columns.
    return sql`(select ${names} from jsonb_populate_recordset(null::${sql.table(table)}, ${JSON.stringify(objects)}::jsonb)) as given`;
  }
  const selected = columns.map((column, i) => sql`value ->> ${sql.lit(i)} as ${sql.ref(column)}`);
  return sql`(select ${sql.join(selected)} from json_each(${JSON.stringify(rows)}))`;
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
