// The archive's database, in memory, with faults at every statement. Committed data survives the process that wrote it; an
// open transaction does not.

import { DatabaseSync } from 'node:sqlite';
import type { DatabaseConnection, Dialect, Driver, QueryResult } from 'kysely';
import { openArchiveOn } from '#/archive/archive.ts';
import { sqliteDialectOn } from '#/archive/sqlite/dialect.ts';
import { never, type Life } from './_world.ts';

export interface Disk {
  /** The Kysely dialect for the process `life`. */
  dialectFor(life: Life): Dialect;
  /** Called if and only if the current transaction is committed. */
  onCommit(committed: () => void): void;
  /** Rolls back the open transaction of `life`. */
  died(life: Life): void;
}

/** One database for all seeds: creating the tables and compiling the statements takes longer than a seed. */
let opened: Promise<{ database: DatabaseSync; dialect: Dialect; wipe: string }> | null = null;

async function open(): Promise<{ database: DatabaseSync; dialect: Dialect; wipe: string }> {
  const database = new DatabaseSync(':memory:');
  const dialect = sqliteDialectOn(database);
  await openArchiveOn(dialect);
  const tables = database
    .prepare(`select name from sqlite_schema where type = 'table' and name not like 'kysely_%'`)
    .all();
  const rows = [
    'insert into leader (id, fence) values (1, 0)',
    'insert into version_counter (id, version) values (1, 0)',
    `insert into identity (id, archive) values (1, '${'0'.repeat(32)}')`,
  ];
  const wipes = tables.map(({ name }) => `delete from ${String(name)};`);
  return { database, dialect, wipe: `${wipes.join('')} ${rows.join(';')}` };
}

/** Empties the database. */
export async function wipedDisk(): Promise<Disk> {
  const { database, dialect, wipe } = await (opened ??= open());
  if (database.isTransaction) database.exec('rollback');
  database.exec(wipe);

  // One transaction at a time for all hosts: SQLite has one connection here.
  let holder: Life | null = null;
  const waiting: { life: Life; take: () => void }[] = [];
  let committed: (() => void) | null = null;

  async function lock(life: Life): Promise<void> {
    if (life.isOver) await never;
    if (holder === null) holder = life;
    else await new Promise<void>((take) => waiting.push({ life, take }));
  }

  function unlock(life: Life): void {
    if (holder !== life) return;
    committed = null;
    let next = waiting.shift();
    while (next?.life.isOver === true) next = waiting.shift();
    holder = next?.life ?? null;
    next?.take();
  }

  // A process can die elsewhere just as one of these ends: it must not write after that.
  function driverFor(life: Life, inner: Driver): Driver {
    const wrapped = new WeakMap<DatabaseConnection, DatabaseConnection>();
    const innerOf = (connection: DatabaseConnection): DatabaseConnection =>
      wrapped.get(connection) ?? connection;
    return {
      init: () => inner.init(),
      async acquireConnection() {
        // No fault here: Kysely has one connection for SQLite and would never release it.
        await lock(life);
        const connection = await inner.acquireConnection();
        const faulty: DatabaseConnection = {
          async executeQuery<R>(
            query: Parameters<DatabaseConnection['executeQuery']>[0],
          ): Promise<QueryResult<R>> {
            await life.at('statement');
            if (life.isOver) await never;
            return await connection.executeQuery<R>(query as never);
          },
          streamQuery: () => {
            throw new Error('Got a stream, expected a query.');
          },
        };
        wrapped.set(faulty, connection);
        return faulty;
      },
      async beginTransaction(connection, settings) {
        await life.at('begin');
        if (life.isOver) await never;
        await inner.beginTransaction(innerOf(connection), settings);
      },
      async commitTransaction(connection) {
        await life.at('commit');
        if (life.isOver) await never;
        await inner.commitTransaction(innerOf(connection));
        committed?.();
        await life.at('committed');
      },
      async rollbackTransaction(connection) {
        // After a fault behind the commit there is nothing to roll back.
        if (database.isTransaction) await inner.rollbackTransaction(innerOf(connection));
      },
      async releaseConnection(connection) {
        await inner.releaseConnection(innerOf(connection));
        unlock(life);
      },
      destroy: () => Promise.resolve(),
    };
  }

  return {
    dialectFor: (life) => ({
      createAdapter: () => dialect.createAdapter(),
      createDriver: () => driverFor(life, dialect.createDriver()),
      createIntrospector: (db) => dialect.createIntrospector(db),
      createQueryCompiler: () => dialect.createQueryCompiler(),
    }),
    onCommit: (called) => void (committed = called),
    died(life) {
      if (holder !== life) return;
      if (database.isTransaction) database.exec('rollback');
      unlock(life);
    },
  };
}
