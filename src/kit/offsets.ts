// Small whole numbers (row ids), each with the highest offset it was met at: eight bytes for each number there may be.

export interface Offsets {
  add(number: number, offset: number): void;
  /** -1 when it was never met. */
  offset(number: number): number;
  /** How many numbers were met. */
  readonly size: number;
}

export function createOffsets(): Offsets {
  // One more than the offset, so that nought stands for never.
  let offsets = new Float64Array(1024);
  let size = 0;
  return {
    add(number, offset) {
      if (number >= offsets.length) {
        const larger = new Float64Array(Math.max(number + 1, offsets.length * 2));
        larger.set(offsets);
        offsets = larger;
      }
      const before = offsets[number] ?? 0;
      if (before === 0) size++;
      offsets[number] = Math.max(before, offset + 1);
    },
    offset: (number) => (offsets[number] ?? 0) - 1,
    get size() {
      return size;
    },
  };
}
