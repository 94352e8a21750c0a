// A map from small integers (row ids) to the highest offset seen, at eight bytes per possible integer.

export interface Offsets {
  add(number: number, offset: number): void;
  /** -1 when the number was never added. */
  offset(number: number): number;
  /** How many distinct numbers were added. */
  readonly size: number;
}

export function createOffsets(): Offsets {
  // Each entry is the offset plus one; zero means that the number was never added.
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
