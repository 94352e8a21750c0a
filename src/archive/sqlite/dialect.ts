// node:sqlite behind Kysely's SQLite dialect: one connection, usually in a thread of its own.

import {
  CompiledQuery,
  SqliteDialect,
  type DatabaseConnection,
  type Driver as KyselyDriver,
  type QueryResult,
} from 'kysely';
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { messageOf } from '#/kit/errors.ts';
import { GivenRows, PackedParameters } from '#/archive/rows.ts';
import { inThisThread, sqliteOn, type Answer, type AsyncSqlite, type Query } from './database.ts';

export const sqliteDialect = (sqlite: AsyncSqlite): SqliteDialect => new Dialect(sqlite);

/** On a database that is open, in the thread of the caller. */
export const sqliteDialectOn = (database: DatabaseSync): SqliteDialect =>
  new Dialect(inThisThread(sqliteOn(database)));

class Connection implements DatabaseConnection {
  readonly #sqlite: AsyncSqlite;
  constructor(sqlite: AsyncSqlite) {
    this.#sqlite = sqlite;
  }
  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const answer = await this.#sqlite.execute(queryOf(sql, parameters));
    if (answer.packed !== null) return { rows: [answer.packed, answer.zones] as R[] };
    return { rows: objectsOf(answer) as R[], numAffectedRows: BigInt(answer.changes) };
  }
  streamQuery(): never {
    throw new Error('Got a stream, expected a query.');
  }
}

function queryOf(sql: string, parameters: readonly unknown[]): Query {
  const plain = { sql, parameters: parameters as SQLInputValue[], rows: null, packedColumns: null };
  const [first] = parameters;
  if (first instanceof GivenRows) return { ...plain, parameters: [], rows: first.rows };
  if (!(first instanceof PackedParameters)) return plain;
  return { ...plain, parameters: first.parameters as SQLInputValue[], packedColumns: first.columns };
}

function objectsOf({ columns, values }: Answer): Record<string, unknown>[] {
  const rows: Record<string, unknown>[] = [];
  for (let at = 0; at < values.length; at += columns.length) {
    const row: Record<string, unknown> = {};
    for (const [i, column] of columns.entries()) row[column] = values[at + i];
    rows.push(row);
  }
  return rows;
}

/** Kysely gives its one connection to one user at a time. */
class Driver implements KyselyDriver {
  readonly #sqlite: AsyncSqlite;
  readonly #connection: Connection;
  constructor(sqlite: AsyncSqlite) {
    this.#sqlite = sqlite;
    this.#connection = new Connection(sqlite);
  }
  init(): Promise<void> {
    return Promise.resolve();
  }
  acquireConnection(): Promise<DatabaseConnection> {
    return Promise.resolve(this.#connection);
  }
  async beginTransaction(): Promise<void> {
    await this.#connection.executeQuery(CompiledQuery.raw('begin'));
  }
  async commitTransaction(): Promise<void> {
    await this.#connection.executeQuery(CompiledQuery.raw('commit'));
  }
  async rollbackTransaction(): Promise<void> {
    try {
      await this.#connection.executeQuery(CompiledQuery.raw('rollback'));
    } catch (error) {
      // SQLite has rolled back by itself, as on a full disk: the caller must see why, and not this error.
      if (!/no transaction is active/.test(messageOf(error))) throw error;
    }
  }
  releaseConnection(): Promise<void> {
    return Promise.resolve();
  }
  async destroy(): Promise<void> {
    await this.#sqlite.close();
  }
}

class Dialect extends SqliteDialect {
  readonly #sqlite: AsyncSqlite;
  constructor(sqlite: AsyncSqlite) {
    super({ database: () => Promise.reject(new Error('The driver of this dialect opens the file.')) });
    this.#sqlite = sqlite;
  }
  override createDriver(): KyselyDriver {
    return new Driver(this.#sqlite);
  }
}
