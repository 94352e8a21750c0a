// Statistics for noisy measurements that simple-statistics does not have.

import { interquartileRange, linearRegression, median, variance } from 'simple-statistics';

/** Half of the distance from the lowest to the highest value, as a share of the median. */
export function spread(values: readonly number[]): number {
  const middle = Math.abs(median(values));
  return middle === 0 ? 0 : (Math.max(...values) - Math.min(...values)) / 2 / middle;
}

/** Standard error of the median, as of a normal distribution whose width the quartiles tell. Throws for an empty list. */
export const medianError = (values: readonly number[]): number =>
  (1.253 * interquartileRange(values)) / 1.349 / Math.sqrt(values.length);

export interface Slope {
  /** Units of y per unit of x. */
  readonly slope: number;
  /** Standard error of the slope. */
  readonly error: number;
}

/** Least squares. Null for fewer than three points, or when all have one x. */
export function slopeOf(points: readonly [number, number][]): Slope | null {
  const xx = points.length < 3 ? 0 : points.length * variance(points.map(([x]) => x));
  if (xx === 0) return null;
  const { m, b } = linearRegression(points);
  const left = points.reduce((sum, [x, y]) => sum + (y - b - m * x) ** 2, 0);
  return { slope: m, error: Math.sqrt(left / (points.length - 2) / xx) };
}
