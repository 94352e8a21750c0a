// Many rows in one statement. SQLite executes it once per row, with the row's values as its parameters, which costs a fraction
// of unpacking them from a text; PostgreSQL executes it once, on a table `given` that it unpacks from one JSON text.

import { CompiledQuery, PostgresAdapter, sql, type Kysely, type RawBuilder } from 'kysely';
import { deflateLongZones, deflateZones, isLongZones } from '#/domain/zones.ts';
import { packTexts, type PackedTexts } from '#/domain/packed/texts.ts';
import { packZones, type PackedZones } from '#/domain/packed/zone-bytes.ts';
import { packedQuery } from './sqlite/packed-rows.ts';
import { digestDigits } from '#/kit/digests.ts';
import type { Tables } from './tables/schema.ts';

export type Db = Kysely<Tables>;
type Value = string | number | Uint8Array | null;
export type Row = readonly Value[];

/** Rows that may be made one by one, when they are written: many rows that live at the same time are costly to collect. */
export interface Rows extends Iterable<Row> {
  readonly length: number;
}

export const rowsOf = (length: number, row: (i: number) => Row): Rows => ({
  length,
  *[Symbol.iterator]() {
    for (let i = 0; i < length; i++) yield row(i);
  },
});

/**
 * What a column holds. `uuid` and `zones` are given as texts, and kept as bytes; of a `digest` in hex, SQLite keeps the first 128
 * bits as bytes.
 */
export type Kind = 'text' | 'bigint' | 'uuid' | 'digest' | 'zones';
export type Shape = Readonly<Record<string, Kind>>;

/** The parameter of a statement of SQLite that is executed once for each of the rows. */
export class GivenRows {
  readonly rows: Rows;
  constructor(rows: Rows) {
    this.rows = rows;
  }
}

export const isPostgres = (db: Db): boolean => db.getExecutor().adapter instanceof PostgresAdapter;

/** How a statement names the rows that it is given. */
export interface Given {
  /** The value of a column, as an expression. */
  col(name: string): string;
  /** PostgreSQL: the table expression `given`. SQLite: null, where each execution has one row. */
  readonly table: string | null;
}

/** Executes the statement that `text` writes for all of the rows. Gives what it returns. */
export async function executeRows<R = unknown>(
  db: Db,
  shape: Shape,
  rows: Rows,
  text: (given: Given) => string,
): Promise<readonly R[]> {
  if (rows.length === 0) return [];
  const columns = Object.entries(shape);
  const [statement, parameter] = isPostgres(db)
    ? [text(postgresGiven(columns)), asJson(columns, rows)]
    : [text(sqliteGiven(columns)), new GivenRows(zonesStored(columns, rows))];
  return (await db.executeQuery<R>(CompiledQuery.raw(statement, [parameter]))).rows;
}

/** The parameters of a query in SQLite whose rows are packed where the database is: see `packedQuery`. */
export class PackedParameters {
  readonly parameters: readonly unknown[];
  /** Of the rows that are packed, without zones. */
  readonly columns: number;
  constructor(parameters: readonly unknown[], columns: number) {
    this.parameters = parameters;
    this.columns = columns;
  }
}

/** The rows of a query whose columns, in this order, are texts or null; the last may be `zones` in addition. */
export async function textsOf(
  db: Db,
  { sql: text, parameters }: CompiledQuery,
  columns: readonly string[],
  withZones: boolean,
): Promise<{ readonly rows: PackedTexts; readonly zones: PackedZones | null }> {
  if (!isPostgres(db)) {
    const query = packedQuery(text, columns, withZones);
    const packed = CompiledQuery.raw(query, [new PackedParameters(parameters, columns.length)]);
    const [rows, zones] = (await db.executeQuery(packed)).rows as [PackedTexts, PackedZones | null];
    return { rows, zones };
  }
  const { rows } = await db.executeQuery<Record<string, unknown>>(CompiledQuery.raw(text, [...parameters]));
  return {
    rows: packTexts(
      columns.length,
      rows.map((row) => columns.map((name) => row[name])),
    ),
    zones: withZones ? packZones(rows.map((row) => row['zones'])) : null,
  };
}

/** `insert into table (columns of shape) …`, and `more`: what to do on a conflict, what to return. */
export const insertRows = <R>(
  db: Db,
  table: keyof Tables,
  shape: Shape,
  rows: Rows,
  more: string,
): Promise<readonly R[]> =>
  executeRows<R>(db, shape, rows, (given) => {
    const names = Object.keys(shape);
    const values = names.map((name) => given.col(name)).join(', ');
    const source = given.table === null ? `values (${values})` : `select ${values} from ${given.table}`;
    return `insert into ${table} (${names.join(', ')}) ${source} ${more}`;
  });

/** For `on conflict … do update set`: each column takes the value that was to be inserted. */
export const replacing = (columns: readonly string[]): string =>
  columns.map((column) => `${column} = excluded.${column}`).join(', ');

type Columns = readonly (readonly [name: string, kind: Kind])[];

function sqliteGiven(columns: Columns): Given {
  const expressions = new Map(
    columns.map(([name, kind], i) => [name, sqliteStored[kind]?.(`?${i + 1}`) ?? `?${i + 1}`]),
  );
  return { table: null, col: (name) => expressions.get(name) ?? name };
}

/** Kinds whose values SQLite stores otherwise than they are given. */
const sqliteStored: Partial<Record<Kind, (given: string) => string>> = {
  uuid: (given) => `unhex(${given}, '-')`,
  digest: (given) => `coalesce(unhex(substr(${given}, 1, ${digestDigits})), ${given})`,
};

/** The rows with their zones as SQLite stores them. */
function zonesStored(columns: Columns, rows: Rows): Rows {
  const at = columns.findIndex(([, kind]) => kind === 'zones');
  if (at < 0) return rows;
  return {
    length: rows.length,
    *[Symbol.iterator]() {
      for (const row of rows) yield isLongZones(row[at]) ? row.with(at, deflateLongZones(row[at])) : row;
    },
  };
}

const postgresTypes: Record<Kind, string> = {
  text: 'text',
  bigint: 'bigint',
  uuid: 'uuid',
  digest: 'text',
  zones: 'bytea',
};

function postgresGiven(columns: Columns): Given {
  const types = columns.map(([name, kind]) => `${name} ${postgresTypes[kind]}`).join(', ');
  return { table: `json_to_recordset($1::json) as given(${types})`, col: (name) => `given.${name}` };
}

/** Zones as PostgreSQL reads bytes. */
const zonesHex = (value: Value): Value =>
  typeof value === 'string' ? String.raw`\x${Buffer.from(deflateZones(value)).toString('hex')}` : null;

function asJson(columns: Columns, rows: Rows): string {
  const objects = Array.from(rows, (row) =>
    Object.fromEntries(
      columns.map(([name, kind], i) => [name, kind === 'zones' ? zonesHex(row[i] ?? null) : row[i]]),
    ),
  );
  return JSON.stringify(objects);
}

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

/** A digest, selected as hex digits: 32 of them, or all that were given. Earlier versions stored texts in SQLite too. */
export const digestText = (db: Db, column: string): RawBuilder<string> =>
  isPostgres(db)
    ? sql`${sql.ref(column)}`
    : sql`case typeof(${sql.ref(column)}) when 'blob' then lower(hex(${sql.ref(column)})) else ${sql.ref(column)} end`;

/** A column of UUIDs, selected as text. SQLite leaves out the hyphens: see `uuidIn`. */
export const uuidText = (db: Db, column: string): RawBuilder<string> =>
  isPostgres(db) ? sql`${sql.ref(column)}::text` : sql`lower(hex(${sql.ref(column)}))`;
