// Which host may write. A leader that was frozen and wakes up late finds a newer fence than its own, and stops.
// Source: M. Kleppmann, "How to do distributed locking" (2016): fencing tokens.

import { sql } from 'kysely';
import { isPostgres, type Db } from './rows.ts';

/** Another host has taken the lead since. */
export class FencedOff extends Error {
  constructor(mine: number, theirs: number) {
    super(`Got the fence ${theirs}, expected ${mine}: another host leads now.`);
    this.name = 'FencedOff';
  }
}

/** Takes the lead with `fence`. Throws FencedOff when this one or a higher one was there first. */
export async function takeLead(db: Db, fence: number): Promise<void> {
  const taken = await db
    .updateTable('leader')
    .set({ fence })
    .where('id', '=', 1)
    .where('fence', '<', fence)
    .returning('id')
    .executeTakeFirst();
  if (taken === undefined) throw new FencedOff(fence, await fenceOf(db));
}

/** A leader that is frozen within a transaction keeps the lead from others for no longer than this. */
const idleMs = 3000;

/** Within a transaction that writes: nobody takes the lead until it ends. Throws FencedOff. */
export async function checkLead(tx: Db, fence: number): Promise<void> {
  if (isPostgres(tx))
    await sql`select set_config('idle_in_transaction_session_timeout', ${String(idleMs)}, true)`.execute(tx);
  const seen = await fenceOf(tx);
  if (seen !== fence) throw new FencedOff(fence, seen);
}

export async function fenceOf(db: Db): Promise<number> {
  const row = db.selectFrom('leader').select('fence').where('id', '=', 1);
  return (await (isPostgres(db) ? row.forShare() : row).executeTakeFirstOrThrow()).fence;
}
