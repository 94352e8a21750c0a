// One SQLite file and its statements: what the archive's thread executes, and a test in its own thread.

import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import type { PackedTexts } from '#/domain/packed/texts.ts';
import type { PackedZones } from '#/domain/packed/zone-bytes.ts';
import { packedRows } from './packed-rows.ts';

/** One statement. */
export interface Query {
  readonly sql: string;
  readonly parameters: readonly SQLInputValue[];
  /** When given, it is executed once for each of them, with its values as parameters. */
  readonly rows: Iterable<readonly SQLInputValue[]> | null;
  /** Of a `packedQuery`, how many columns it packs; null of any other. */
  readonly packedColumns: number | null;
}

/** The rows one behind the other in one array, which costs a fraction of so many objects where it is sent to another thread. */
export interface Answer {
  readonly columns: readonly string[];
  readonly values: readonly unknown[];
  readonly packed: PackedTexts | null;
  /** Of packed rows with zones. */
  readonly zones: PackedZones | null;
  /** Rows that were written, of a statement that returns none. */
  readonly changes: number;
}

export interface Sqlite {
  /** Throws what SQLite says. */
  execute(query: Query): Answer;
  close(): void;
}

/** A SQLite file, in this thread or in another. */
export interface AsyncSqlite {
  execute(query: Query): Promise<Answer>;
  close(): Promise<void>;
}

/** Turns what `sqlite` throws into rejections. */
export const inThisThread = (sqlite: Sqlite): AsyncSqlite => ({
  execute: async (query) => sqlite.execute(query),
  close: async () => sqlite.close(),
});

/** Statements are compiled once; the archive has a few dozen. */
const statementsKept = 200;
/** Holds the pages that batches of new events write again and again; more saves less than 3 % of the reads. */
const cacheKilobytes = 32_768;
/** The write-ahead log is copied to the file when it has so many pages (64 MB): a page that many batches write is copied once. */
const checkpointPages = 16_384;

/** How long a statement waits for another process. */
export const busyTimeoutMs = 5000;

/** Opens or creates the file. WAL with full sync: what is committed survives a loss of power. */
export function openSqlite(path: string): Sqlite {
  const database = new DatabaseSync(path);
  database.exec(
    `pragma journal_mode = wal; pragma synchronous = full; pragma busy_timeout = ${busyTimeoutMs};
     pragma cache_size = -${cacheKilobytes}; pragma wal_autocheckpoint = ${checkpointPages}`,
  );
  return sqliteOn(database);
}

const readerCacheKilobytes = 4096;

/** Opens a file that another process writes to. Throws when there is none. */
export function openSqliteReader(path: string): Sqlite {
  const database = new DatabaseSync(path, { readOnly: true });
  database.exec(`pragma busy_timeout = 1000; pragma cache_size = -${readerCacheKilobytes}`);
  return sqliteOn(database);
}

export function sqliteOn(database: DatabaseSync): Sqlite {
  const statements = new Map<string, { statement: StatementSync; columns: readonly string[] }>();

  function prepared(sql: string): { statement: StatementSync; columns: readonly string[] } {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    if (statements.size >= statementsKept) statements.clear();
    const statement = database.prepare(sql);
    statement.setReturnArrays(true);
    const made = { statement, columns: statement.columns().map(({ name }) => name) };
    statements.set(sql, made);
    return made;
  }

  return {
    execute({ sql, parameters, rows, packedColumns }) {
      const { statement, columns } = prepared(sql);
      if (packedColumns !== null) {
        const row = statement.get(...parameters) as unknown as unknown[];
        return { columns, values: [], ...packedRows(row, packedColumns), changes: 0 };
      }
      const values: unknown[] = [];
      let changes = 0;
      for (const given of rows ?? [parameters]) {
        if (columns.length === 0) changes += Number(statement.run(...given).changes);
        else for (const row of statement.all(...given) as unknown as unknown[][]) values.push(...row);
      }
      return { columns, values, packed: null, zones: null, changes };
    },
    close: () => database.close(),
  };
}
