// The numbers of versions: each is given once and never again, whatever became of the snapshot that it was taken for.

import { sql } from 'kysely';
import type { Db } from './rows.ts';

/** The number that was given last; 0 when none ever was. */
export async function lastVersion(db: Db): Promise<number> {
  const row = db.selectFrom('version_counter').select('version').where('id', '=', 1);
  return (await row.executeTakeFirstOrThrow()).version;
}

/** Takes the next number, beyond all that were given and beyond `floor`. It is used up once this is committed. */
export async function nextVersion(tx: Db, floor: number): Promise<number> {
  const taken = await tx
    .updateTable('version_counter')
    .set({ version: sql`case when version < ${floor} then ${floor} else version end + 1` })
    .where('id', '=', 1)
    .returning('version')
    .executeTakeFirstOrThrow();
  return taken.version;
}
