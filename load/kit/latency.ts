// Latencies by the million in constant memory: to a microsecond, with three significant digits.

import { createHistogram } from 'node:perf_hooks';

/** `[percentile, milliseconds]`, from the least to the greatest. */
export type Curve = readonly (readonly [number, number])[];

export interface Latency {
  record(ms: number): void;
  readonly count: number;
  curve(): Curve;
}

/** The points of every curve, so that curves of several rounds can be laid on each other. */
const percentiles = [25, 50, 75, 90, 95, 97.5, 99, 99.5, 99.75, 99.9, 99.95, 99.975, 99.99, 100];

const usMax = 600_000_000;

export function createLatency(): Latency {
  const histogram = createHistogram({ lowest: 1, highest: usMax, figures: 3 });
  return {
    record: (ms) => histogram.record(Math.min(usMax, Math.max(1, Math.round(ms * 1000)))),
    get count() {
      return histogram.count;
    },
    curve: () => percentiles.map((p) => [p, histogram.percentile(p) / 1000] as const),
  };
}

/** Milliseconds at one of the percentiles that every curve has. */
export function at(curve: Curve, percentile: number): number {
  const point = curve.find(([p]) => p === percentile);
  if (point === undefined)
    throw new RangeError(`Got percentile ${percentile}, expected one of ${percentiles.join(', ')}.`);
  return point[1];
}

/** Of several rounds, percentile by percentile, what `pick` makes of their values. */
export function layered(curves: readonly Curve[], pick: (values: readonly number[]) => number): Curve {
  return percentiles.map((p) => [p, pick(curves.map((curve) => at(curve, p)))] as const);
}
