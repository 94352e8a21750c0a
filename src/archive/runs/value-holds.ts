// What the gate of values holds for each provider, until an operator approves it or a feed has ordinary values again.

import type { Db } from '#/archive/rows.ts';
import type { Held } from './held.ts';

export interface ValueHolds {
  /** The run ended because its values are held. `records`: how many would have changed. */
  holdValues(provider: string, runId: number, records: number, reason: string): Promise<void>;
  /** A whole feed was absorbed: nothing is held, and an approval is used up. */
  releaseValues(provider: string): Promise<void>;
  /** Whether the next feed may change values as it wants. */
  areValuesApproved(provider: string): Promise<boolean>;
}

export function createValueHolds(db: Db): ValueHolds {
  return {
    async holdValues(provider, runId, records, reason) {
      const hold = { run_id: runId, records, reason };
      // A run that is held began without an approval: one that is here now came meanwhile, and is for the next.
      await db
        .insertInto('value_hold')
        .values({ provider, approved: 0, ...hold })
        .onConflict((conflict) => conflict.column('provider').doUpdateSet(hold))
        .execute();
    },
    async releaseValues(provider) {
      await db.deleteFrom('value_hold').where('provider', '=', provider).execute();
    },
    async areValuesApproved(provider) {
      return (await holdOf(db, provider))?.approved === 1;
    },
  };
}

const holdOf = (db: Db, provider: string) =>
  db.selectFrom('value_hold').selectAll().where('provider', '=', provider).executeTakeFirst();

/** What is held, with the run that was held last. */
export interface ValueHold {
  readonly provider: string;
  readonly runId: number;
  /** When that run began, in milliseconds since 1970 UTC; null when its row is no longer kept. */
  readonly readAt: number | null;
  readonly records: number;
  readonly reason: string;
  readonly isApproved: boolean;
}

const holdsMax = 20;

/** Of the provider, or with null of all, at most 20. */
export async function valueHolds(db: Db, provider: string | null): Promise<ValueHold[]> {
  const all = db
    .selectFrom('value_hold')
    .leftJoin('feed_run', 'feed_run.id', 'run_id')
    .select(['value_hold.provider', 'run_id', 'records', 'reason', 'approved', 'started_at'])
    .orderBy('value_hold.provider')
    .limit(holdsMax);
  const rows = await (provider === null ? all : all.where('value_hold.provider', '=', provider)).execute();
  return rows.map((row) => ({
    provider: row.provider,
    runId: row.run_id,
    readAt: row.started_at,
    records: row.records,
    reason: row.reason,
    isApproved: row.approved === 1,
  }));
}

/** Null when no values are held. */
export async function heldValues(db: Db, provider: string): Promise<Held | null> {
  const hold = await holdOf(db, provider);
  return hold === undefined ? null : { runId: hold.run_id, events: hold.records, reason: hold.reason };
}

export async function approveValues(db: Db, provider: string): Promise<void> {
  await db.updateTable('value_hold').set({ approved: 1 }).where('provider', '=', provider).execute();
}
