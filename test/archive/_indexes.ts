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

export const runEnd: RunEnd = {
  endedAt: 2000,
  outcome: 'absorbed',
  code: null,
  message: null,
  counts: {},
  findings: [],
};
