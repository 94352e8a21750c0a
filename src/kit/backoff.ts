// How long to wait before the next try: exponential with equal jitter (half of it fixed, half by chance), so that many never
// return at once.
// Source: M. Brooker, "Exponential Backoff and Jitter" (AWS Architecture Blog, 2015).

export interface BackoffLimits {
  readonly baseMs: number;
  readonly maxMs: number;
}

/** Milliseconds to wait after `failures` failures in a row (1 or more); `random` gives numbers in [0, 1). */
export function backoffMs(failures: number, limits: BackoffLimits, random: () => number): number {
  const ceiling = Math.min(limits.maxMs, limits.baseMs * 2 ** Math.min(failures - 1, 30));
  return Math.round(ceiling * (0.5 + random() / 2));
}
