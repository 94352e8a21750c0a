// The archive of a test that opens one for itself: the real one, without its thread, whose start takes more than most tests. What
// would be sent to the thread and back is cloned all the same.

import { openArchiveOn, type Archive } from '#/archive/archive.ts';
import { createAbsorbing } from '#/archive/sqlite/absorbing.ts';
import { inThisThread, openSqlite } from '#/archive/sqlite/database.ts';
import { sqliteDialect } from '#/archive/sqlite/dialect.ts';

/** Opens or creates the SQLite file at `path`. */
export function archiveAt(path: string): Promise<Archive> {
  const sqlite = openSqlite(path);
  const absorbing = createAbsorbing(sqlite);
  return openArchiveOn(
    sqliteDialect(inThisThread(sqlite)),
    {},
    { ...absorbing, absorb: async (call) => structuredClone(await absorbing.absorb(structuredClone(call))) },
  );
}
