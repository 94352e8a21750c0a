// A map from digests to numbers that takes about 40 bytes per entry, where a Map of strings takes two hundred. It is an open
// hash table with linear probing. The first 128 bits of a digest are the key; they need no further hashing.
// Source: Donald Knuth, "The Art of Computer Programming", volume 3, section 6.4, algorithm L.

import { release } from './machine/release.ts';

export interface Digests {
  /** `digest`: at least 32 hex digits; `number`: positive. Replaces an earlier number. */
  set(digest: string, number: number): void;
  /** 0 when the digest is not in the map. */
  get(digest: string): number;
  delete(digest: string): void;
}

const words = 4;
const wordDigits = 8;
/** The hex digits of a digest that count: its first 128 bits. */
export const digestDigits = words * wordDigits;
const slotsAtFirst = 64;
/** Marks a slot whose digest was deleted. The search continues behind it. */
const deleted = -1;

/** By the first digit of a digest. A table that grows is there twice meanwhile: that may be a sixteenth of all. */
const tables = 16;

export function createDigests(): Digests {
  const parts = Array.from({ length: tables }, createTable);
  const partOf = (digest: string): Digests => parts[hexDigit(digest.charCodeAt(0)) % tables] as Digests;
  return {
    set: (digest, number) => partOf(digest).set(digest, number),
    get: (digest) => partOf(digest).get(digest),
    delete: (digest) => partOf(digest).delete(digest),
  };
}

/** The value of a hex digit in either case, by its character code: a letter is 9 above its low four bits. */
export const hexDigit = (code: number): number => (code & 15) + (code >> 6) * 9;

function createTable(): Digests {
  let keys = new Uint32Array(slotsAtFirst * words);
  let numbers = new Float64Array(slotsAtFirst);
  /** Slots that are not free, including deleted ones. */
  let taken = 0;
  const wanted = new Uint32Array(words);

  function want(digest: string): void {
    for (let word = 0; word < words; word++) {
      wanted[word] = Number.parseInt(digest.slice(word * wordDigits, (word + 1) * wordDigits), 16);
    }
  }

  /** The slot that holds `wanted`, or the free slot where it belongs. */
  function find(): number {
    const mask = numbers.length - 1;
    for (let slot = (wanted[0] ?? 0) & mask; ; slot = (slot + 1) & mask) {
      if (numbers[slot] === 0 || isAt(slot)) return slot;
    }
  }

  function isAt(slot: number): boolean {
    if (numbers[slot] === deleted) return false;
    for (let word = 0; word < words; word++) if (keys[slot * words + word] !== wanted[word]) return false;
    return true;
  }

  function put(number: number): void {
    const slot = find();
    if (numbers[slot] === 0) taken++;
    numbers[slot] = number;
    keys.set(wanted, slot * words);
  }

  function grow(): void {
    const [oldKeys, oldNumbers] = [keys, numbers];
    keys = new Uint32Array(oldKeys.length * 2);
    numbers = new Float64Array(oldNumbers.length * 2);
    taken = 0;
    for (const [slot, number] of oldNumbers.entries()) {
      if (number <= 0) continue;
      wanted.set(oldKeys.subarray(slot * words, (slot + 1) * words));
      put(number);
    }
    release(oldKeys);
    release(oldNumbers);
  }

  return {
    set(digest, number) {
      if ((taken + 1) * 2 > numbers.length) grow();
      want(digest);
      put(number);
    },
    get(digest) {
      if (taken === 0) return 0;
      want(digest);
      return Math.max(0, numbers[find()] ?? 0);
    },
    delete(digest) {
      want(digest);
      const slot = find();
      if (numbers[slot] !== 0) numbers[slot] = deleted;
    },
  };
}
