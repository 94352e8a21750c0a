// The numbers of versions: each is given once and never again, whatever became of the snapshot that it was taken for. With
// each a stamp is drawn: by it the archive knows its own versions again, and an older copy of it, or another archive, does not.

import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Db } from './rows.ts';

/** Older versions than these are no longer known, and have to be compared event by event. */
const stampsKept = 10_000;

export interface VersionGiven {
  readonly version: number;
  /** 32 hex digits. */
  readonly stamp: string;
}

/** 32 hex digits, drawn when the archive was created. */
export async function identityOf(db: Db): Promise<string> {
  const row = db.selectFrom('identity').select('archive').where('id', '=', 1);
  return (await row.executeTakeFirstOrThrow()).archive;
}

/** The number that was given last; 0 when none ever was. */
export async function lastVersion(db: Db): Promise<number> {
  const row = db.selectFrom('version_counter').select('version').where('id', '=', 1);
  return (await row.executeTakeFirstOrThrow()).version;
}

/** Takes the next number, beyond all that were given and beyond `floor`. It is used up once this is committed. */
export async function nextVersion(tx: Db, floor: number): Promise<VersionGiven> {
  const { version } = await tx
    .updateTable('version_counter')
    .set({ version: sql`case when version < ${floor} then ${floor} else version end + 1` })
    .where('id', '=', 1)
    .returning('version')
    .executeTakeFirstOrThrow();
  const stamp = randomBytes(16).toString('hex');
  await tx
    .insertInto('version_stamp')
    .values({ version, stamp })
    .onConflict((conflict) => conflict.column('version').doUpdateSet({ stamp }))
    .execute();
  await tx
    .deleteFrom('version_stamp')
    .where('version', '<=', version - stampsKept)
    .execute();
  return { version, stamp };
}

/** Whether this archive gave the number, with this stamp. */
export async function gaveVersion(db: Db, { version, stamp }: VersionGiven): Promise<boolean> {
  const row = db.selectFrom('version_stamp').select('version').where('version', '=', version);
  return (await row.where('stamp', '=', stamp).executeTakeFirst()) !== undefined;
}
