// Brings the tables of an archive up to date.

import type { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { isPostgres } from '#/archive/rows.ts';
import { buildIndexes } from '#/archive/sqlite/first-load.ts';
import { carryOver, type CarryOverOptions } from './carry-over.ts';
import { carriedOverBy, lockMigrations, migrations } from './migrations.ts';
import { enterOwnSchema } from './own-schema.ts';
import type { Tables } from './schema.ts';

/** PostgreSQL is given all of it as one transaction, and hosts that start together wait for each other. */
export async function migrate(db: Kysely<Tables>, options: CarryOverOptions): Promise<void> {
  if (!isPostgres(db)) {
    await bringUpToDate(db);
    await buildIndexes(db);
    return carryOver(db, options);
  }
  await db.transaction().execute(async (tx) => {
    await lockMigrations(tx);
    const migrated = await bringUpToDate(tx, await enterOwnSchema(tx));
    // Else it was done in the transaction that created today's tables, and a table of an old name is another application's.
    if (migrated.includes(carriedOverBy)) await carryOver(tx, options);
  });
}

/** Gives the names of the migrations that were missing. `schema`: of Kysely's own tables. */
async function bringUpToDate(db: Kysely<Tables>, schema?: string): Promise<readonly string[]> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve(migrations) },
    ...(schema === undefined ? {} : { migrationTableSchema: schema }),
  });
  const { error, results } = await migrator.migrateToLatest();
  if (error === undefined) return (results ?? []).map(({ migrationName }) => migrationName);
  const failed = results?.find((result) => result.status === 'Error')?.migrationName ?? 'none';
  throw new Error(`The archive could not be brought up to date (migration: ${failed}).`, { cause: error });
}
