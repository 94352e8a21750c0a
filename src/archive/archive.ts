// The system of record. All that is served can be lost and is rebuilt from here; what is committed is never lost.

import type { GateLimits } from '#/domain/gate.ts';
import { Kysely, type SqliteDialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import { absorbRecords, type AbsorbCounts } from './absorb.ts';
import type { AbsorbRecord, RunInHand } from './batch.ts';
import { createCatalogue, createPublishLog, type CatalogueReader, type PublishLog } from './catalogue.ts';
import { createFeedStates, type FeedStates } from './feed-state.ts';
import { migrations } from './migrations.ts';
import { createRuns, type RunLog } from './runs.ts';
import type { Tables } from './schema.ts';
import { sqliteDialect } from './sqlite.ts';
import { createRecords, type RecordIndex } from './records.ts';
import { withdrawUnseen, type Withdrawal } from './withdraw.ts';

export interface Archive extends RunLog, RecordIndex, FeedStates, PublishLog {
  /** Folds records into the archive, in their order, in one transaction. */
  absorb(run: RunInHand, records: readonly AbsorbRecord[]): Promise<AbsorbCounts>;
  /** After a complete feed: withdraws what it no longer has, and ends the quarantine of what it has mended. */
  withdrawUnseen(run: RunInHand, gained: number, limits: GateLimits): Promise<Withdrawal>;
  /** Reads the catalogue as it is at one instant, however long that takes: nothing is absorbed into what `read` sees. */
  frozen<T>(read: (catalogue: CatalogueReader) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Opens the archive at `url` (`sqlite:PATH`) and brings its tables up to date. Throws when it cannot. */
export async function openArchive(url: string): Promise<Archive> {
  const db = new Kysely<Tables>({ dialect: dialectOf(url) });
  await migrate(db);
  return {
    ...createRuns(db),
    ...createRecords(db),
    ...createFeedStates(db),
    ...createPublishLog(db),
    absorb: (run, records) => db.transaction().execute((tx) => absorbRecords(tx, run, records)),
    withdrawUnseen: (run, gained, limits) =>
      db.transaction().execute((tx) => withdrawUnseen(tx, run, gained, limits)),
    frozen: (read) => db.transaction().execute((tx) => read(createCatalogue(tx))),
    close: () => db.destroy(),
  };
}

function dialectOf(url: string): SqliteDialect {
  if (!url.startsWith('sqlite:'))
    throw new Error(`Got the archive ${url.split(':')[0]}:…, expected sqlite:PATH.`);
  return sqliteDialect(url.slice('sqlite:'.length));
}

async function migrate(db: Kysely<Tables>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve(migrations) } });
  const { error, results } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const failed = results?.find((result) => result.status === 'Error')?.migrationName ?? 'none';
  throw new Error(`The archive's migration ${failed} failed.`, { cause: error });
}
