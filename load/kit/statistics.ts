// Statistics for noisy measurements.

/** Throws for an empty list. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  if (low === undefined || high === undefined) throw new RangeError('Got no values, expected at least one.');
  return (low + high) / 2;
}

/** Half of the distance from the lowest to the highest value, as a share of the median. */
export function spread(values: readonly number[]): number {
  const middle = Math.abs(median(values));
  return middle === 0 ? 0 : (Math.max(...values) - Math.min(...values)) / 2 / middle;
}

/** Standard error of the median, for a normal distribution with the quartiles of `values`. Throws for an empty list. */
export function medianError(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const quartile = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? NaN;
  if (sorted.length === 0) throw new RangeError('Got no values, expected at least one.');
  return (1.253 * (quartile(0.75) - quartile(0.25))) / 1.349 / Math.sqrt(sorted.length);
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

export interface Slope {
  /** Units of y per unit of x. */
  readonly slope: number;
  /** Standard error of the slope. */
  readonly error: number;
}

/** Least squares. Null for fewer than three points, or when all have the same x. */
export function slopeOf(points: readonly (readonly [number, number])[]): Slope | null {
  const [xMean, yMean] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const xx = points.reduce((sum, [x]) => sum + (x - xMean) ** 2, 0);
  if (points.length < 3 || xx === 0) return null;
  const slope = points.reduce((sum, [x, y]) => sum + (x - xMean) * (y - yMean), 0) / xx;
  const left = points.reduce((sum, [x, y]) => sum + (y - yMean - slope * (x - xMean)) ** 2, 0);
  return { slope, error: Math.sqrt(left / (points.length - 2) / xx) };
}
