// A set of small whole numbers, an eighth of a byte each.

export interface Bits {
  add(number: number): void;
  has(number: number): boolean;
  /** How many numbers are in it. */
  readonly size: number;
}

export function createBits(): Bits {
  let words = new Uint32Array(64);
  let size = 0;
  return {
    add(number) {
      const word = number >>> 5;
      if (word >= words.length) {
        const larger = new Uint32Array(Math.max(word + 1, words.length * 2));
        larger.set(words);
        words = larger;
      }
      const bit = 1 << (number & 31);
      const before = words[word] ?? 0;
      if ((before & bit) === 0) size++;
      words[word] = before | bit;
    },
    get size() {
      return size;
    },
    has: (number) => ((words[number >>> 5] ?? 0) & (1 << (number & 31))) !== 0,
  };
}
