// Many rows in one statement and one parameter: they travel as a JSON text that the database unpacks, so that a batch of
// a thousand costs one statement of constant text, compiled once.

import { sql, type RawBuilder } from 'kysely';

/** A table expression with the given columns, in this order, from rows of as many values each. */
function rowsOf(
  columns: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): RawBuilder<unknown> {
  const selected = columns.map((column, i) => sql`value ->> ${sql.lit(i)} as ${sql.ref(column)}`);
  return sql`(select ${sql.join(selected)} from json_each(${JSON.stringify(rows)}))`;
}

/** `insert into table (columns) select … where true`; what to do on a conflict may follow. */
export function insertRows(
  table: string,
  columns: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): RawBuilder<unknown> {
  const names = sql.join(columns.map((column) => sql.ref(column)));
  return sql`insert into ${sql.table(table)} (${names}) select * from ${rowsOf(columns, rows)} where true`;
}

/** For `on conflict … do update set`: each column takes the value that was to be inserted. */
export const replacing = (columns: readonly string[]): RawBuilder<unknown> =>
  sql.join(columns.map((column) => sql`${sql.ref(column)} = excluded.${sql.ref(column)}`));

/** A list for `in`: the values of one column. */
export function valuesOf<T extends string | number>(values: readonly T[]): RawBuilder<T> {
  return sql`(select value from json_each(${JSON.stringify(values)}))`;
}
