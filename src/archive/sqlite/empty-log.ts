// The write-ahead log of SQLite after a large run: copied to the file and emptied, so that it does not keep 64 MB of the disk.

import { sql } from 'kysely';
import { isPostgres, type Db } from '#/archive/rows.ts';
import { busyTimeoutMs } from './database.ts';

/**
 * Returns whether the log is empty. It stays while another process reads an earlier state, and when the disk fails: everything is in
 * the log then, and the next write reports the failure. Does nothing in PostgreSQL.
 */
export async function emptyLog(db: Db): Promise<boolean> {
  if (isPostgres(db)) return true;
  return db.connection().execute(async (connection) => {
    // Else it would wait for readers, and everyone for it.
    await sql`pragma busy_timeout = 0`.execute(connection);
    try {
      const { rows } = await sql<{ busy: number }>`pragma wal_checkpoint(truncate)`.execute(connection);
      return rows[0]?.busy === 0;
    } catch {
      return false;
    } finally {
      await sql.raw(`pragma busy_timeout = ${busyTimeoutMs}`).execute(connection);
    }
  });
}
