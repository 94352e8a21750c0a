// Days whose segments must be rebuilt. Each marking has a number of its own, and only the markings that a snapshot has read are
// cleared: in PostgreSQL a transaction with lower journal numbers than theirs may commit after them.

import { sql } from 'kysely';
import { executeRows, insertRows, isPostgres, replacing, type Db, type Row, type Shape } from './rows.ts';
import { lastSeq } from './absorbing/taken-back.ts';

const shape: Shape = { day: 'bigint', seq: 'bigint' };

/** After the journal entries of the transaction, and once in it. Two transactions lock days in the same order: no deadlock. */
export async function markDays(db: Db, days: ReadonlySet<number>): Promise<void> {
  if (days.size === 0) return;
  const seq = await lastOwnSeq(db);
  const rows = [...days].toSorted((a, b) => a - b).map((day): Row => [day, seq]);
  await insertRows(db, 'dirty_day', shape, rows, `on conflict (day) do update set ${replacing(['seq'])}`);
}

/** The last journal entry that this transaction has written. No other transaction marks a day with its number. */
async function lastOwnSeq(db: Db): Promise<number> {
  if (!isPostgres(db)) return lastSeq(db);
  const { rows } = await sql<{ seq: number }>`
    select currval(pg_get_serial_sequence('journal_entry', 'seq')) as seq`.execute(db);
  return rows[0]?.seq ?? 0;
}

/** Clears each day that still has this number. */
export async function clearMarks(
  db: Db,
  marks: readonly (readonly [day: number, seq: number])[],
): Promise<void> {
  await executeRows(db, shape, marks, ({ col, table }) => {
    if (table === null) return `delete from dirty_day where day = ${col('day')} and seq = ${col('seq')}`;
    // In their order: `delete` alone locks rows in any order. A row that has changed by the time it is locked is left out.
    return `with cleared as materialized (
        select d.day from ${table} join dirty_day d on d.day = ${col('day')} and d.seq = ${col('seq')} order by d.day for update of d)
      delete from dirty_day where day in (select day from cleared)`;
  });
}
