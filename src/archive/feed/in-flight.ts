// Up to which entry the journal is complete. In PostgreSQL a transaction can commit after others with higher sequence numbers.
// Each transaction that writes entries holds a shared lock, whose key is the last number that was given before it began: its own
// numbers are all higher. So the journal is complete up to the least key of the locks that are held.

import { sql } from 'kysely';
import { isPostgres, type Db } from '#/archive/rows.ts';

/** The high 16 bits of the key of each such lock; the low 48 are the sequence number. */
const tag = 0x4d51;
const tagBits = 48;

/** Within a transaction, before it writes to the journal. SQLite has one writer at a time, and needs no lock. */
export async function markInFlight(tx: Db): Promise<void> {
  if (!isPostgres(tx)) return;
  await sql`
    select pg_advisory_xact_lock_shared((${tag}::bigint << ${tagBits}::int) |
      coalesce(pg_sequence_last_value(pg_get_serial_sequence('journal_entry', 'seq')::regclass), 0))`.execute(
    tx,
  );
}

/**
 * The entry up to which the journal is complete for a transaction that begins after this call, as far as its numbers were given
 * before; infinite when nothing is in flight.
 */
export async function settledSeq(db: Db): Promise<number> {
  if (!isPostgres(db)) return Number.POSITIVE_INFINITY;
  const { rows } = await sql<{ seq: number | null }>`
    select min(((classid::bigint << 32) | objid::bigint) & ((1::bigint << ${tagBits}::int) - 1)) as seq
    from pg_locks
    where locktype = 'advisory' and objsubid = 1 and classid::bigint >> 16 = ${tag}::bigint
      and database = (select oid from pg_database where datname = current_database())`.execute(db);
  return rows[0]?.seq ?? Number.POSITIVE_INFINITY;
}
