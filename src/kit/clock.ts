// Time and randomness, passed as an argument to the code that needs them.

import { setTimeout as sleep } from 'node:timers/promises';

export interface Clock {
  /** Milliseconds since 1970 UTC. The system clock may be set, even back. */
  now(): number;
  /** Milliseconds since an arbitrary moment; never goes back. */
  elapsed(): number;
  /** Resolves early when `stop` is aborted. Never rejects. */
  sleep(ms: number, stop?: AbortSignal): Promise<void>;
  /** A random number in [0, 1). */
  random(): number;
}

export const systemClock: Clock = {
  now: Date.now,
  elapsed: () => performance.now(),
  sleep: (ms, stop) =>
    sleep(ms, undefined, stop === undefined ? {} : { signal: stop }).catch(() => undefined),
  random: Math.random,
};
