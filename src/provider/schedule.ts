// When a provider is asked again: sooner while its feed changes, later while it is quiet, never sooner than it wants.

import { backoffMs } from '#/kit/backoff.ts';

export interface Pace {
  /** The least and the most that lie between two runs. */
  readonly pollMs: number;
  readonly pollMsMax: number;
}

/** How far a schedule had come, for the one that goes on from there. */
export type KeptPace = Pick<Schedule, 'failures' | 'intervalMs'>;

export type Tick = 'changed' | 'quiet' | 'failed';

export interface Schedule {
  /** Milliseconds until the next run, after one that ended so. `askedWaitMs`: what the provider asked for, or null. */
  next(tick: Tick, askedWaitMs: number | null): number;
  /** Runs in a row that failed. */
  readonly failures: number;
  /** Between two runs, before jitter and what the provider asks for. */
  readonly intervalMs: number;
}

const quietFactor = 1.5;
const failure = { baseMs: 1000, maxMs: 300_000 };

/** `random` gives numbers in [0, 1): a tenth of jitter, so that providers and hosts do not fall into step. */
export function createSchedule(
  { pollMs, pollMsMax }: Pace,
  random: () => number,
  kept: KeptPace | null = null,
): Schedule {
  let intervalMs = Math.min(pollMsMax, Math.max(pollMs, kept?.intervalMs ?? pollMs));
  let failures = kept?.failures ?? 0;
  return {
    next(tick, askedWaitMs) {
      failures = tick === 'failed' ? failures + 1 : 0;
      if (tick === 'changed') intervalMs = Math.max(pollMs, intervalMs / 2);
      if (tick === 'quiet') intervalMs = Math.min(pollMsMax, intervalMs * quietFactor);
      const waitMs = failures === 0 ? intervalMs : Math.max(pollMs, backoffMs(failures, failure, random));
      return Math.round(Math.max(waitMs * (0.95 + random() / 10), askedWaitMs ?? 0));
    },
    get intervalMs() {
      return intervalMs;
    },
    get failures() {
      return failures;
    },
  };
}
