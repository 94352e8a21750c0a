// A simulated world: its time advances only when all processes wait, and all randomness comes from one seed. Every await of a
// process is a possible fault.

import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '#/kit/clock.ts';
import { randomOf, type Random } from '../_support/random.ts';

/** The probability of each fault at each await. */
export interface Weather {
  readonly fail: number;
  readonly die: number;
  readonly dawdle: number;
  /** A pause much longer than a lease. */
  readonly freeze: number;
  /** The clock of the process is set. */
  readonly step: number;
}

export const calm: Weather = { fail: 0, die: 0, dawdle: 0, freeze: 0, step: 0 };

export interface World {
  readonly random: Random;
  weather: Weather;
  /** A digest of all steps: equal for two runs of a seed. */
  readonly trace: number;
  /** Milliseconds since the start. */
  elapsed(): number;
  sleep(ms: number, stop?: AbortSignal): Promise<void>;
  note(what: string): void;
  /** Advances time until `isOver`, or for `ms`; returns whether it was over. */
  goOn(ms: number, isOver?: () => boolean): Promise<boolean>;
}

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

export function createWorld(seed: number, tell: (line: string) => void = () => undefined): World {
  const random = randomOf(seed);
  let now = 0;
  let trace = 0;
  /** Sorted by wake-up time. */
  const sleepers: Sleeper[] = [];

  function add(sleeper: Sleeper): void {
    let place = sleepers.length;
    while (place > 0 && (sleepers[place - 1]?.at ?? 0) > sleeper.at) place--;
    sleepers.splice(place, 0, sleeper);
  }

  return {
    random,
    weather: calm,
    get trace() {
      return trace;
    },
    elapsed: () => now,
    sleep: (ms, stop) =>
      new Promise((resolve) => {
        if (stop?.aborted === true) return resolve();
        const sleeper = { at: now + Math.max(0, ms), wake: resolve };
        add(sleeper);
        stop?.addEventListener('abort', () => resolve(), { once: true });
      }),
    note(what) {
      tell(`${(now / 1000).toFixed(3).padStart(9)} s  ${what}`);
      for (let i = 0; i < what.length; i++) trace = (Math.imul(trace, 31) + what.charCodeAt(i)) | 0;
      trace = (Math.imul(trace, 31) + Math.round(now)) | 0;
    },
    async goOn(ms, isOver = () => false) {
      const end = now + ms;
      for (;;) {
        await turn();
        if (isOver()) return true;
        const next = sleepers[0];
        if (next === undefined || next.at > end) break;
        sleepers.shift();
        now = Math.max(now, next.at);
        next.wake();
      }
      now = end;
      return false;
    },
  };
}

/** One process, from its start to its death. */
export interface Life {
  readonly clock: Clock;
  readonly isOver: boolean;
  /** A possible fault: it throws, takes long, or the process dies and never continues. */
  at(place: string): Promise<void>;
  end(): void;
}

/** A dead process waits for this; it never resolves. */
export const never = new Promise<never>(() => undefined);
/** The greatest error and adjustment of a clock. */
const clockMs = 48 * 3_600_000;

export function beginLife(world: World, name: string, died: () => void): Life {
  const { random } = world;
  let isOver = false;
  let wrongMs = random.chance(0.3) ? random.int(-clockMs, clockMs) : 0;

  function end(): void {
    if (isOver) return;
    isOver = true;
    world.note(`${name} ends`);
    died();
  }

  function setClock(): void {
    wrongMs = random.int(-clockMs, clockMs);
    world.note(`${name} has its clock set, ${wrongMs} ms from the truth`);
  }

  async function at(place: string): Promise<void> {
    if (isOver) return never;
    const { fail, die, dawdle, freeze, step } = world.weather;
    const draw = random.fraction();
    if (draw < fail) {
      world.note(`${name} fails at ${place}`);
      throw new Error(`A simulated fault at ${place}.`);
    }
    if (draw < fail + die) {
      end();
      return never;
    }
    if (random.chance(step)) setClock();
    if (draw < fail + die + dawdle) await world.sleep(random.int(1, 400));
    else if (draw < fail + die + dawdle + freeze) await world.sleep(random.int(6000, 30_000));
    return isOver ? never : undefined;
  }

  return {
    at,
    end,
    get isOver() {
      return isOver;
    },
    clock: {
      now() {
        return Date.UTC(2026, 0, 1) + clockMs + world.elapsed() + wrongMs;
      },
      elapsed: () => world.elapsed(),
      async sleep(ms, stop) {
        await world.sleep(ms, stop);
        if (isOver) await never;
      },
      random: () => random.fraction(),
    },
  };
}
