// Binary searches in the sorted starts of a layer.

/** The first ordinal whose value is at least `value`. */
export function firstAtLeast(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The first ordinal from `from` on whose value is above `value`. A galloping search: the result is usually near, and near entries
 * are in the CPU cache.
 */
export function firstAbove(sorted: Float64Array, value: number, from: number): number {
  let step = 8;
  let low = from;
  while (low + step < sorted.length && (sorted[low + step] as number) <= value) {
    low += step;
    step *= 2;
  }
  let high = Math.min(low + step, sorted.length);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
