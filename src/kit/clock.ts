// Time and chance, as they are given to whoever needs them.

import { setTimeout as sleep } from 'node:timers/promises';

export interface Clock {
  /** Milliseconds since 1970 UTC; somebody may set it, back too. */
  now(): number;
  /** Milliseconds since some moment; never goes back. */
  elapsed(): number;
  /** Ends early when `stop` is called. Never rejects. */
  sleep(ms: number, stop?: AbortSignal): Promise<void>;
  /** In [0, 1). */
  random(): number;
}

export const systemClock: Clock = {
  now: Date.now,
  elapsed: () => performance.now(),
  sleep: (ms, stop) =>
    sleep(ms, undefined, stop === undefined ? {} : { signal: stop }).catch(() => undefined),
  random: Math.random,
};
