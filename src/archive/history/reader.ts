// Reads the journal for API workers: a connection that writes nothing. SQLite reads while ingest writes; what is read is one state
// of the archive.

import { Kysely } from 'kysely';
import type { JournalReader, LatestReader } from '#/domain/journaled.ts';
import type { Past } from '#/domain/past.ts';
import { settledSeq } from '#/archive/feed/in-flight.ts';
import { latestSlice } from '#/archive/feed/latest.ts';
import { journalSlice } from '#/archive/feed/slice.ts';
import { isPostgres, type Db } from '#/archive/rows.ts';
import { sqliteDialect } from '#/archive/sqlite/dialect.ts';
import { startSqliteThread } from '#/archive/sqlite/thread.ts';
import { enterOwnSchema } from '#/archive/tables/own-schema.ts';
import type { Tables } from '#/archive/tables/schema.ts';
import { changesOf } from './changes.ts';
import { eventAt } from './event-at.ts';

export interface PastReader extends Past, JournalReader, LatestReader {
  close(): Promise<void>;
}

/** Of PostgreSQL. */
const limits = { connections: 2, connectMs: 1500, statementMs: 2000 };

export interface ArchiveReading {
  /** Outside of a transaction. */
  readonly db: Db;
  /** Runs `read` in a transaction that sees one state of the archive. */
  reading<T>(read: (tx: Db) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** `url`: of the archive. Nothing is opened before the first call. `failed`: a connection or the thread ended. */
export async function openReading(url: string, failed: (error: Error) => void): Promise<ArchiveReading> {
  const dialect = /^postgres(ql)?:/.test(url)
    ? (await import('#/archive/postgres.ts')).postgresDialect(url, failed, limits)
    : sqliteDialect(startSqliteThread(url.replace(/^sqlite:/, ''), { isReader: true, failed }));
  const db = new Kysely<Tables>({ dialect });
  return {
    db,
    reading(read) {
      if (!isPostgres(db)) return db.transaction().execute(read);
      const transaction = db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only');
      return transaction.execute(async (tx) => {
        await enterOwnSchema(tx);
        return read(tx);
      });
    },
    close: () => db.destroy(),
  };
}

/** As `openReading`. */
export async function openPast(url: string, failed: (error: Error) => void): Promise<PastReader> {
  const { db, reading, close } = await openReading(url, failed);
  return {
    changes: (id, beforeSeq, until, limit) => reading((tx) => changesOf(tx, id, beforeSeq, until, limit)),
    eventAt: (id, instant) => reading((tx) => eventAt(tx, id, instant)),
    slice: (query) => reading((tx) => journalSlice(tx, query)),
    async latest(query) {
      // Before the transaction that reads: what was in flight then may be missing from it.
      const upTo = Math.min(query.upTo, await settledSeq(db));
      return reading((tx) => latestSlice(tx, { ...query, upTo }));
    },
    close,
  };
}
