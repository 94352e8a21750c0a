// The schedule and circuit breaker of each provider, stored by the leader: the next leader continues from them.

import type { Db } from '#/archive/rows.ts';

export interface PollStates {
  /** What was kept last, as it was given; null when there is nothing. */
  pollState(provider: string): Promise<unknown>;
  keepPollState(provider: string, state: object): Promise<void>;
}

export function createPollStates(db: Db): PollStates {
  return {
    async pollState(provider) {
      const row = await db
        .selectFrom('poll_state')
        .select('state')
        .where('provider', '=', provider)
        .executeTakeFirst();
      return row === undefined ? null : (JSON.parse(row.state) as unknown);
    },

    async keepPollState(provider, state) {
      const text = JSON.stringify(state);
      await db
        .insertInto('poll_state')
        .values({ provider, state: text })
        .onConflict((conflict) => conflict.column('provider').doUpdateSet({ state: text }))
        .execute();
    },
  };
}
