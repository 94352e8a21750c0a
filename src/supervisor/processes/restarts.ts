// When a slot restarts a process that exited unexpectedly: at once the first time, then with exponential backoff. A slot in a
// crash loop is degraded until one of its processes has run for `steadyMs`, and exits have become rare.

import { backoffMs } from '#/kit/backoff.ts';

export interface Restarts {
  /** Records an unexpected exit. Returns the milliseconds to wait before the next fork. */
  died(): number;
  /** The current process has run for `steadyMs`: resets the backoff. */
  steady(): void;
  /** The slot is in a crash loop: an operator should look. */
  readonly degraded: boolean;
}

const backoff = { baseMs: 250, maxMs: 30_000 };
/** Consecutive unexpected exits, with no steady run between them, that make a crash loop. */
export const crashLoop = 5;
export const steadyMs = 10_000;
/** This many unexpected exits within the window also degrade the slot, however long the processes ran between them. */
export const intensity = { deaths: 10, windowMs: 600_000 };

/** `now` in milliseconds, from a monotonic clock; `random` returns numbers in [0, 1). */
export function createRestarts(now: () => number, random: () => number): Restarts {
  let inARow = 0;
  let latest: number[] = [];

  const isIntense = (): boolean =>
    latest.length === intensity.deaths && now() - (latest[0] as number) < intensity.windowMs;

  return {
    get degraded() {
      return inARow >= crashLoop || isIntense();
    },
    died() {
      inARow++;
      latest = [...latest, now()].slice(-intensity.deaths);
      return inARow === 1 ? 0 : backoffMs(inARow - 1, backoff, random);
    },
    steady() {
      inARow = 0;
    },
  };
}
