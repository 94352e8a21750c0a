// Feed runs: one row per fetch and what came of it, written before it starts so that a killed run shows too.

import { sql, type Kysely } from 'kysely';
import type { Finding } from '#/domain/report.ts';
import { quarantineSize } from './quarantine.ts';
import type { Tables } from '#/archive/tables/schema.ts';

/** absorbed: something was new · unchanged: nothing was · incomplete: some was taken, not all could be read · failed: nothing could. */
export type RunOutcome = 'absorbed' | 'unchanged' | 'incomplete' | 'failed';

export interface RunEnd {
  readonly endedAt: number;
  readonly outcome: RunOutcome;
  /** Why it is incomplete or failed. */
  readonly code: string | null;
  readonly message: string | null;
  readonly counts: Readonly<Record<string, number>>;
  readonly findings: readonly Finding[];
}

export interface RunRow extends Omit<RunEnd, 'endedAt' | 'outcome'> {
  readonly id: number;
  readonly provider: string;
  readonly startedAt: number;
  /** Null while it runs, or when its process died. */
  readonly endedAt: number | null;
  readonly outcome: RunOutcome | null;
}

export interface QuarantineRow {
  readonly baseId: string | null;
  readonly planId: string | null;
  readonly code: string;
  readonly message: string;
  readonly offset: number;
  readonly line: number;
  readonly column: number;
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
  /** The run that refused it last. */
  readonly runId: number;
  readonly times: number;
}

type StoredRow = Omit<Tables['quarantine'], 'provider' | 'key' | 'record_key'>;

export const quarantineRow = (row: StoredRow): QuarantineRow => ({
  baseId: row.base_id,
  planId: row.plan_id,
  code: row.code,
  message: row.message,
  offset: row.byte_offset,
  line: row.line,
  column: row.column_number,
  firstSeenAt: row.first_seen_at,
  lastSeenAt: row.last_seen_at,
  runId: row.last_run_id,
  times: row.times,
});

export interface RunLog {
  beginRun(provider: string, at: number): Promise<number>;
  endRun(id: number, end: RunEnd): Promise<void>;
  /** The newest first. */
  runs(provider: string, limit: number): Promise<RunRow[]>;
  quarantineSize(provider: string): Promise<number>;
  /** What is refused at present, the newest first. */
  quarantined(provider: string, limit: number): Promise<QuarantineRow[]>;
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

    async endRun(id, { endedAt, outcome, code, message, counts, findings }) {
      const row = {
        ended_at: endedAt,
        outcome,
        code,
        message,
        counts: JSON.stringify(counts),
        findings: JSON.stringify(findings),
      };
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

    async runs(provider, limit) {
      const rows = await db
        .selectFrom('feed_run')
        .selectAll()
        .where('provider', '=', provider)
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        id: row.id,
        provider: row.provider,
        startedAt: row.started_at,
        endedAt: row.ended_at,
        outcome: row.outcome as RunOutcome | null,
        code: row.code,
        message: row.message,
        counts: JSON.parse(row.counts ?? '{}') as Record<string, number>,
        findings: JSON.parse(row.findings ?? '[]') as Finding[],
      }));
    },

    quarantineSize: (provider) => quarantineSize(db, provider),

    async quarantined(provider, limit) {
      const rows = await db
        .selectFrom('quarantine')
        .selectAll()
        .where('provider', '=', provider)
        .orderBy('last_seen_at', 'desc')
        .orderBy('byte_offset')
        .limit(limit)
        .execute();
      return rows.map(quarantineRow);
    },
  };
}
