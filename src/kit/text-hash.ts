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
  return mixed(first).toString(36) + '-' + mixed(second).toString(36);
}

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
      const text = mixed(first).toString(36) + '-' + mixed(second).toString(36);
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
