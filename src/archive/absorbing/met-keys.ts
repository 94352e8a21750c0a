// The keys that a run has met: of a provider without records, the others have no row, and need not be looked for. It keeps 32 bits of
// each in an open hash table with linear probing, as digests.ts: 8 to 16 bytes of memory. Nobody else writes records of a provider
// during a run: the fence of the leader sees to that. Otherwise the insertion of a row that is there would fail, and the run with it.

import { release } from '#/kit/machine/release.ts';
import { hashOfText } from '#/kit/text-hash.ts';

export interface MetKeys {
  /** Those of the keys that may have been met before: all that were, and of a million others about 200. From now on all were. */
  again(keys: readonly string[]): string[];
}

const slotsAtFirst = 1024;

export function createMetKeys(): MetKeys {
  /** 0 in a free slot. */
  let slots = new Uint32Array(slotsAtFirst);
  let taken = 0;

  /** Whether the hash was there. */
  function put(hash: number): boolean {
    const mask = slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      if (slots[slot] === hash) return true;
      if (slots[slot] !== 0) continue;
      slots[slot] = hash;
      taken++;
      return false;
    }
  }

  function grow(): void {
    const before = slots;
    slots = new Uint32Array(before.length * 2);
    taken = 0;
    for (const hash of before) if (hash !== 0) put(hash);
    release(before);
  }

  return {
    again: (keys) =>
      keys.filter((key) => {
        if (2 * (taken + 1) > slots.length) grow();
        return put(hashOfText(key) || 1);
      }),
  };
}
