// Hashes of short texts and numbers that find equal ones among few: a cryptographic hash takes ten times as long. They protect
// from accidents, not from an opponent.
// Sources: Fowler, Noll and Vo, FNV-1a; Austin Appleby, MurmurHash3 (the mixing at the end).

const firstBasis = 0x811c9dc5;
const secondBasis = 0x2545f491;

/** 32 bits of the code units of a text. */
export function hashOfText(text: string): number {
  let hash = firstBasis;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return mixed(hash);
}

/** 64 bits as letters and digits. */
export function tagOfText(text: string): string {
  let [first, second] = [firstBasis, secondBasis];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    first = Math.imul(first ^ code, 0x01000193);
    second = Math.imul(second ^ code, 0x9e3779b1);
  }
  return textOf(mixed(first), mixed(second));
}

/** 10 bits as two letters or digits. */
const pairs = Array.from({ length: 1024 }, (_, bits) => bits.toString(32).padStart(2, '0'));

/** Twice 32 bits as 14 letters and digits. A number takes five times as long to become a text of another base than 10. */
const textOf = (first: number, second: number): string =>
  pairOf(first) +
  pairOf(first >>> 10) +
  pairOf(first >>> 20) +
  pairOf((first >>> 30) | ((second >>> 30) << 2)) +
  pairOf(second) +
  pairOf(second >>> 10) +
  pairOf(second >>> 20);

const pairOf = (bits: number): string => pairs[bits & 1023] as string;

export interface NumberHash {
  /** Adds 32 bits. */
  add(number: number): void;
  /** Adds a row of numbers as one: a row does not wait for the hash of the rows before it. */
  addRow(row: Int32Array): void;
  /** 64 bits as letters and digits, of all that was added since the last call. */
  taken(): string;
}

export function createNumberHash(): NumberHash {
  let [first, second] = [firstBasis, secondBasis];
  return {
    add(number) {
      first = firstWith(first, number);
      second = secondWith(second, number);
    },
    addRow(row) {
      let [one, other] = [firstBasis, secondBasis];
      for (let i = 0; i < row.length; i++) {
        one = firstWith(one, row[i] as number);
        other = secondWith(other, row[i] as number);
      }
      first = firstWith(first, one);
      second = secondWith(second, other);
    },
    taken() {
      const text = textOf(mixed(first), mixed(second));
      [first, second] = [firstBasis, secondBasis];
      return text;
    },
  };
}

function firstWith(hash: number, number: number): number {
  const next = Math.imul(hash ^ number, 0x9e3779b1);
  return next ^ (next >>> 15);
}

function secondWith(hash: number, number: number): number {
  const next = Math.imul(hash ^ number, 0x85ebca77);
  return next ^ (next >>> 13);
}

/** The mixing at the end of MurmurHash3: 32 bits, each of which depends on all that are given. */
export function mixed(bits: number): number {
  let hash = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
