// When to poll a provider again: sooner while its feed changes, later while it does not, never sooner than the provider asks.
// A provider that keeps failing is polled rarely, so that it can recover (a circuit breaker).
//
//   closed ──5 failures in a row──▶ open ──wait──▶ half open ──run──▶ closed, or open again for longer
//
// One wait follows each run, whatever the state. While the breaker is open, that wait is the breaker's, and no other request
// is sent.

import { backoffMs } from '#/kit/backoff.ts';

export interface Pace {
  /** The shortest and the longest interval between two runs. */
  readonly pollMs: number;
  readonly pollMsMax: number;
}

/** The state of a schedule, for another schedule that continues from it. */
export type KeptPace = Pick<Schedule, 'failures' | 'downs' | 'intervalMs'>;

/**
 * How a run ended. `cut`: the feed broke off, and nothing in the part that was read was new. That lengthens the wait, but
 * the provider does answer, so the breaker stays closed.
 */
export type Tick = 'changed' | 'quiet' | 'cut' | 'failed';

export interface Schedule {
  /** Milliseconds until the next run. `askedWaitMs`: the wait that the provider asked for, or null. */
  next(tick: Tick, askedWaitMs: number | null): number;
  /** The longest wait that `next` can return in this state. */
  readonly waitMsMax: number;
  /** Consecutive runs that were cut or failed. */
  readonly failures: number;
  /** Consecutive runs that failed; these open the breaker. */
  readonly downs: number;
  /** The interval before jitter, and before the wait that the provider asks for. */
  readonly intervalMs: number;
  /** The breaker is open. */
  readonly isOpen: boolean;
}

const quietFactor = 1.5;
const downsMax = 5;
const failing = { baseMs: 1000, maxMs: 60_000 };
const broken = { baseMs: 30_000, maxMs: 600_000 };
/** The longest wait that a provider can ask for. */
export const askedWaitMsMax = 3_600_000;
/** Ten percent of jitter, so that hosts do not poll providers in step. */
const jitter = { least: 0.95, span: 0.1 };

/** `random` returns numbers in [0, 1). */
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
