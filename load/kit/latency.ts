// A latency histogram: millions of values in constant memory, to a microsecond, with three significant digits.

import { createHistogram } from 'node:perf_hooks';

/** `[percentile, milliseconds]`, by percentile. */
export type Curve = readonly (readonly [number, number])[];

export interface Latency {
  record(ms: number): void;
  readonly count: number;
  curve(): Curve;
}

/** Every curve has these points, so that the curves of several rounds can be combined. */
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

/** Milliseconds at one of the percentiles above. Throws a RangeError for any other. */
export function at(curve: Curve, percentile: number): number {
  const point = curve.find(([p]) => p === percentile);
  if (point === undefined)
    throw new RangeError(`Got percentile ${percentile}, expected one of ${percentiles.join(', ')}.`);
  return point[1];
}

/** One curve from several: at each percentile, `pick` of their values, such as the median. */
export function layered(curves: readonly Curve[], pick: (values: readonly number[]) => number): Curve {
  return percentiles.map((p) => [p, pick(curves.map((curve) => at(curve, p)))] as const);
}
