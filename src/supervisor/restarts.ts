// When the next process may take the place of one that died: at once the first time, later and later when that happens
// again and again. A place whose processes keep dying is degraded: said loudly, never a storm of forks, and it recovers
// by itself once a process has held out.

import { backoffMs } from '#/kit/backoff.ts';

export interface Restarts {
  /** A process died unasked. Gives how many milliseconds to wait before the next is forked. */
  died(): number;
  /** The present process has lived for `steadyMs`: what was before no longer counts. */
  steady(): void;
  /** Its processes die so often that somebody should look. */
  readonly degraded: boolean;
}

const backoff = { baseMs: 250, maxMs: 30_000 };
/** Deaths in a row, without a steady life between them, that make a crash loop. */
export const crashLoop = 5;
export const steadyMs = 10_000;
/** So many deaths within the window are too many, however steady the lives between them were. */
export const intensity = { deaths: 10, windowMs: 600_000 };

/** `now` in milliseconds, of a clock that never jumps; `random` gives numbers in [0, 1). */
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
