// Feed runs: one row per fetch and what came of it, written before it starts so that a killed run shows too.

import { sql, type Kysely } from 'kysely';
import type { Tables } from './schema.ts';

/** absorbed: something was new · unchanged: nothing was · incomplete: some was taken, not all could be read · failed: nothing could. */
export type RunOutcome = 'absorbed' | 'unchanged' | 'incomplete' | 'failed';

export interface RunEnd {
  readonly endedAt: number;
  readonly outcome: RunOutcome;
  /** Why it is incomplete or failed. */
  readonly code: string | null;
  readonly message: string | null;
  readonly counts: Readonly<Record<string, number>>;
}

export interface RunRow extends Omit<RunEnd, 'endedAt' | 'outcome'> {
  readonly id: number;
  readonly provider: string;
  readonly startedAt: number;
  /** Null while it runs, or when its process died. */
  readonly endedAt: number | null;
  readonly outcome: RunOutcome | null;
}

export interface RunLog {
  beginRun(provider: string, at: number): Promise<number>;
  endRun(id: number, end: RunEnd): Promise<void>;
  lastRun(provider: string): Promise<RunRow | null>;
  quarantineSize(provider: string): Promise<number>;
}

/** Rows of runs that changed nothing are kept for this many runs; the others are history and stay. */
const quietRunsKept = 1000;

export function createRuns(db: Kysely<Tables>): RunLog {
  return {
    async beginRun(provider, at) {
      const row = await db
        .insertInto('feed_run')
        .values({ provider, started_at: at })
        .returning('id')
        .executeTakeFirstOrThrow();
      return row.id;
    },

    async endRun(id, { endedAt, outcome, code, message, counts }) {
      const row = { ended_at: endedAt, outcome, code, message, counts: JSON.stringify(counts) };
      const { provider } = await db
        .updateTable('feed_run')
        .set(row)
        .where('id', '=', id)
        .returning('provider')
        .executeTakeFirstOrThrow();
      await db
        .deleteFrom('feed_run')
        .where('provider', '=', provider)
        .where('id', '<', id - quietRunsKept)
        .where(sql<boolean>`outcome is distinct from 'absorbed'`)
        .execute();
    },

    async lastRun(provider) {
      const row = await db
        .selectFrom('feed_run')
        .selectAll()
        .where('provider', '=', provider)
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst();
      if (row === undefined) return null;
      return {
        id: row.id,
        provider: row.provider,
        startedAt: row.started_at,
        endedAt: row.ended_at,
        outcome: row.outcome as RunOutcome | null,
        code: row.code,
        message: row.message,
        counts: row.counts === null ? {} : (JSON.parse(row.counts) as Record<string, number>),
      };
    },

    async quarantineSize(provider) {
      const row = await db
        .selectFrom('quarantine')
        .select((eb) => eb.fn.countAll<number>().as('size'))
        .where('provider', '=', provider)
        .executeTakeFirstOrThrow();
      return row.size;
    },
  };
}
