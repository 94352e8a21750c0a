// What is known of each provider's feed from one run to the next: how to ask whether it has changed, how its records
// were read, and what an operator has to decide.

import type { Kysely } from 'kysely';
import type { Tables } from '#/archive/tables/schema.ts';
import { joined, type Held } from './held.ts';
import { approveValues, heldValues } from './value-holds.ts';

export interface FeedValidators {
  readonly etag: string | null;
  readonly lastModified: string | null;
}

export interface FeedStates {
  /** Of the last complete feed, if its records are still read in the same way; null otherwise. */
  feedValidators(provider: string, reading: string): Promise<FeedValidators>;
  keepValidators(provider: string, validators: FeedValidators): Promise<void>;
  /** Forgets every record's hash when the way of reading them is another than last time. */
  readAs(provider: string, reading: string): Promise<void>;
  held(provider: string): Promise<Held | null>;
  /** Lets the next complete feed withdraw as many events as are held, and change values if those are held. Gives what was held; null when nothing is. */
  approve(provider: string): Promise<Held | null>;
}

export const noValidators: FeedValidators = { etag: null, lastModified: null };

export function createFeedStates(db: Kysely<Tables>): FeedStates {
  const row = (provider: string) => stateOf(db, provider);

  return {
    async held(provider) {
      return joined(await heldWithdrawals(db, provider), await heldValues(db, provider));
    },

    async feedValidators(provider, reading) {
      const state = await row(provider);
      if (state === undefined || state.reading !== reading) return noValidators;
      return { etag: state.etag, lastModified: state.last_modified };
    },

    async keepValidators(provider, { etag, lastModified }) {
      const values = { etag, last_modified: lastModified };
      await db.updateTable('feed_state').set(values).where('provider', '=', provider).execute();
    },

    async readAs(provider, reading) {
      await db.transaction().execute(async (tx) => {
        const known = await tx
          .selectFrom('feed_state')
          .select('reading')
          .where('provider', '=', provider)
          .executeTakeFirst();
        if (known?.reading === reading) return;
        await tx.updateTable('feed_record').set({ hash: '' }).where('provider', '=', provider).execute();
        const fresh = { reading, etag: null, last_modified: null };
        await tx
          .insertInto('feed_state')
          .values({ provider, ...fresh, approved_events: 0 })
          .onConflict((conflict) => conflict.column('provider').doUpdateSet(fresh))
          .execute();
      });
    },

    async approve(provider) {
      const waiting = await heldWithdrawals(db, provider);
      const values = await heldValues(db, provider);
      if (waiting !== null) {
        const approved = { approved_events: waiting.events };
        await db.updateTable('feed_state').set(approved).where('provider', '=', provider).execute();
      }
      if (values !== null) await approveValues(db, provider);
      return joined(waiting, values);
    },
  };
}

const stateOf = (db: Kysely<Tables>, provider: string) =>
  db.selectFrom('feed_state').selectAll().where('provider', '=', provider).executeTakeFirst();

/** Null when no withdrawals are held. */
export async function heldWithdrawals(db: Kysely<Tables>, provider: string): Promise<Held | null> {
  const state = await stateOf(db, provider);
  if (state === undefined || state.held_run_id === null) return null;
  return { runId: state.held_run_id, events: state.held_events ?? 0, reason: state.held_reason ?? '' };
}
