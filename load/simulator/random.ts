// Repeatable random numbers: the same seed gives the same numbers on every machine.

/** Draws the next number in [0, 1). */
export type Random = () => number;

/** Mulberry32 (T. Ettinger, 2017): 32 bits of state: enough for test feeds, not for secrets. */
export function mulberry32(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * One seed from several whole numbers, so that record 7 of seed 1 can be generated without the six before it. Neighbouring
 * inputs give distant seeds: the final mix of MurmurHash3 (A. Appleby) follows each part.
 */
export function seedOf(...parts: readonly number[]): number {
  let hash = 0x9e3779b9;
  for (const part of parts) {
    hash = Math.imul(hash ^ part, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash ^= hash >>> 16;
  }
  return hash >>> 0;
}

/** A whole number from `min` to `max`, both included. */
export function between(random: Random, min: number, max: number): number {
  return min + Math.floor(random() * (max - min + 1));
}

export function pick<T>(random: Random, from: readonly T[]): T {
  const picked = from[Math.floor(random() * from.length)];
  if (picked === undefined) throw new RangeError('Got an empty list to pick from.');
  return picked;
}
