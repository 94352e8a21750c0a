// A set of UUIDs that takes 16 to 32 bytes for each of many, where a Set of strings takes over a hundred. It keeps 64 bits of each, in
// an open hash table with linear probing, as digests.ts.

import { hexDigit } from './digests.ts';
import { release } from './machine/release.ts';

export interface UuidSet {
  /**
   * False when the UUID was added before. Of random ones, a million have one chance in 30 million that this is said of a new
   * one too. It is written in ASCII, with hyphens, at the offset `from`.
   */
  add(bytes: Uint8Array, from: number): boolean;
  /** Frees its memory at once; it must not be used after this. */
  release(): void;
}

const slotsAtFirst = 1024;
const uuidLength = 36;
const wordDigits = 8;

/** The 32 bits of eight hex digits. */
function wordAt(bytes: Uint8Array, at: number): number {
  let word = 0;
  for (let i = at; i < at + wordDigits; i++) word = (word << 4) | hexDigit(bytes[i] ?? 0);
  return word >>> 0;
}

/** The first and the last 32 bits of the UUIDs must be spread evenly. */
export function createUuidSet(): UuidSet {
  /** Two words for each slot; both are 0 in a free one. */
  let slots = new Uint32Array(2 * slotsAtFirst);
  let taken = 0;

  /** Whether the slot was free, and is taken now. */
  function put(first: number, last: number): boolean {
    const mask = slots.length / 2 - 1;
    for (let slot = first & mask; ; slot = (slot + 1) & mask) {
      const [a, b] = [slots[2 * slot], slots[2 * slot + 1]];
      if (a === first && b === last) return false;
      if (a === 0 && b === 0) {
        slots[2 * slot] = first;
        slots[2 * slot + 1] = last;
        return true;
      }
    }
  }

  function grow(): void {
    const before = slots;
    slots = new Uint32Array(before.length * 2);
    for (let i = 0; i < before.length; i += 2) {
      const [first = 0, last = 0] = [before[i], before[i + 1]];
      if (first !== 0 || last !== 0) put(first, last);
    }
    release(before);
  }

  return {
    add(bytes, from) {
      if (4 * (taken + 1) > slots.length) grow();
      const first = wordAt(bytes, from);
      // Not 0, which marks a free slot.
      const last = wordAt(bytes, from + uuidLength - wordDigits) || 1;
      const isNew = put(first, last);
      if (isNew) taken++;
      return isNew;
    },
    release: () => release(slots),
  };
}
