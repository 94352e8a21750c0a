// How long to wait before a retry: exponential with equal jitter (half fixed, half random), so that many clients do not
// retry at the same moment.
// Source: M. Brooker, "Exponential Backoff and Jitter" (AWS Architecture Blog, 2015).

export interface BackoffLimits {
  readonly baseMs: number;
  readonly maxMs: number;
}

/** Milliseconds to wait after `failures` consecutive failures (1 or more); `random` returns numbers in [0, 1). */
export function backoffMs(failures: number, limits: BackoffLimits, random: () => number): number {
  const ceiling = Math.min(limits.maxMs, limits.baseMs * 2 ** Math.min(failures - 1, 30));
  return Math.round(ceiling * (0.5 + random() / 2));
}
