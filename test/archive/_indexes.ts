// The indexes of a SQLite archive that a first load is written without.

import { DatabaseSync } from 'node:sqlite';
import type { RunEnd } from '#/archive/runs/runs.ts';

export const all = [
  'journal_entry_by_event',
  'known_event_by_day',
  'known_event_by_id',
  'known_event_by_record',
  'known_event_missing',
];
export const dropped = ['journal_entry_by_event', 'known_event_missing'];
export const withDays = ['journal_entry_by_event', 'known_event_by_day', 'known_event_missing'];

/** Those of the file, as another process sees them. */
export function indexesOf(path: string): string[] {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const rows = database
      .prepare(
        `select name from sqlite_schema where type = 'index' and tbl_name in ('known_event', 'journal_entry') order by name`,
      )
      .all();
    return rows.map(({ name }) => String(name));
  } finally {
    database.close();
  }
}

/** Does `work` while `what`, such as `insert on dirty_day`, is refused, which rolls its transaction back. */
export async function refusing<T>(database: DatabaseSync, what: string, work: () => Promise<T>): Promise<T> {
  database.exec(`create trigger refusing before ${what} begin select raise(abort, 'refused'); end`);
  try {
    return await work();
  } finally {
    database.exec('drop trigger refusing');
  }
}

export const runEnd: RunEnd = {
  endedAt: 2000,
  outcome: 'absorbed',
  code: null,
  message: null,
  counts: {},
  findings: [],
};
