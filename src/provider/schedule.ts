// When a provider is asked again: sooner while its feed changes, later while it is quiet, never sooner than it wants; and
// seldom while it keeps failing, so that a provider with trouble of its own is left to recover (a circuit breaker).
//
//   closed ──5 failures in a row──▶ open ──wait──▶ half open ──run──▶ closed, or open again for longer
//
// One wait follows each run, whatever state that leaves. While the breaker is open that wait is the breaker's, and nothing
// else asks meanwhile.

import { backoffMs } from '#/kit/backoff.ts';

export interface Pace {
  /** The least and the most that lie between two runs. */
  readonly pollMs: number;
  readonly pollMsMax: number;
}

/** How far a schedule had come, for the one that goes on from there. */
export type KeptPace = Pick<Schedule, 'failures' | 'downs' | 'intervalMs'>;

/**
 * How a run ended. `cut`: something was read and nothing of it was new, and the rest is missing; that lengthens the wait,
 * but the provider does answer, so the breaker stays closed.
 */
export type Tick = 'changed' | 'quiet' | 'cut' | 'failed';

export interface Schedule {
  /** Milliseconds until the next run, after one that ended so. `askedWaitMs`: what the provider asked for, or null. */
  next(tick: Tick, askedWaitMs: number | null): number;
  /** The longest that `next` can give in this state. */
  readonly waitMsMax: number;
  /** Runs in a row that were cut or failed, */
  readonly failures: number;
  /** and that failed: those open the breaker. */
  readonly downs: number;
  /** Between two runs, before jitter and what the provider asks for. */
  readonly intervalMs: number;
  /** Nothing is asked but when it is due. */
  readonly isOpen: boolean;
}

const quietFactor = 1.5;
const downsMax = 5;
const failing = { baseMs: 1000, maxMs: 60_000 };
const broken = { baseMs: 30_000, maxMs: 600_000 };
/** No provider keeps us away for longer than this, whatever it asks for. */
export const askedWaitMsMax = 3_600_000;
/** A tenth of jitter, so that providers and hosts do not fall into step. */
const jitter = { least: 0.95, span: 0.1 };

/** `random` gives numbers in [0, 1). */
export function createSchedule(
  { pollMs, pollMsMax }: Pace,
  random: () => number,
  kept: KeptPace | null = null,
): Schedule {
  let intervalMs = Math.min(pollMsMax, Math.max(pollMs, kept?.intervalMs ?? pollMs));
  let failures = kept?.failures ?? 0;
  let downs = kept?.downs ?? 0;
  const most = jitter.least + jitter.span;
  const jittered = (ms: number): number => Math.round(ms * (jitter.least + random() * jitter.span));
  const isOpen = (): boolean => downs >= downsMax;

  function failedMs(): number {
    const backoff = isOpen()
      ? backoffMs(downs - downsMax + 1, broken, random)
      : backoffMs(failures, failing, random);
    return Math.max(jittered(pollMs), backoff);
  }

  return {
    next(tick, askedWaitMs) {
      failures = tick === 'failed' || tick === 'cut' ? failures + 1 : 0;
      downs = tick === 'failed' ? downs + 1 : 0;
      if (tick === 'changed') intervalMs = Math.max(pollMs, intervalMs / 2);
      if (tick === 'quiet') intervalMs = Math.min(pollMsMax, intervalMs * quietFactor);
      if (failures === 0) return Math.max(jittered(intervalMs), Math.min(askedWaitMs ?? 0, pollMsMax));
      return Math.max(failedMs(), Math.min(askedWaitMs ?? 0, askedWaitMsMax));
    },
    get waitMsMax() {
      if (failures === 0) return Math.round(pollMsMax * most);
      return Math.max(Math.round(pollMs * most), askedWaitMsMax);
    },
    get intervalMs() {
      return intervalMs;
    },
    get failures() {
      return failures;
    },
    get downs() {
      return downs;
    },
    get isOpen() {
      return isOpen();
    },
  };
}
