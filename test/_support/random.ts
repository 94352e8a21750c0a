// Repeatable random numbers: every random test prints its seed, and `SEED=… npx ava …` repeats the run.

import { randomInt } from 'node:crypto';
import type { ExecutionContext } from 'ava';

export interface Random {
  /** In [0, 1). */
  fraction(): number;
  /** A whole number, both ends inclusive. */
  int(from: number, to: number): number;
  chance(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
  shuffled<T>(list: readonly T[]): T[];
}

/** Random numbers from the seed of this run, which is printed with the test's name. */
export function seededFor(t: ExecutionContext): Random {
  const seed = Number(process.env['SEED'] ?? randomInt(2 ** 31));
  t.log(`SEED=${seed}`);
  return randomOf(seed);
}

/** Source: Tommy Ettinger's mulberry32. */
export function randomOf(seed: number): Random {
  let state = seed | 0;
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const int = (from: number, to: number): number => from + Math.floor(fraction() * (to - from + 1));
  return {
    fraction,
    int,
    chance: (probability) => fraction() < probability,
    pick: (from) => from[int(0, from.length - 1)]!,
    shuffled: (list) => {
      const mixed = [...list];
      for (let i = mixed.length - 1; i > 0; i--) {
        const j = int(0, i);
        [mixed[i], mixed[j]] = [mixed[j]!, mixed[i]!];
      }
      return mixed;
    },
  };
}
