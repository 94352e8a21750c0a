// Latencies as an HDR histogram: the format that the tools of HdrHistogram plot and merge.

import * as hdr from 'hdr-histogram-js';

/** Milliseconds by percentile. */
export type Percentiles = Readonly<Record<'p50' | 'p90' | 'p99' | 'p999' | 'max', number>>;

export interface LatencyHistogram {
  /** Records to a microsecond, with three significant digits; at most an hour. */
  record(ms: number): void;
  readonly count: number;
  percentiles(): Percentiles;
  add(other: LatencyHistogram): void;
  /** A copy with the values that a driver missed while it waited, if it expected to send a request every `ms`. */
  corrected(ms: number): Pick<LatencyHistogram, 'percentiles'>;
  /** The text of an .hgrm file: percentiles in milliseconds. */
  hgrm(): string;
  readonly hdr: hdr.Histogram;
}

const usMax = 3_600_000_000;

const percentilesOf = (histogram: hdr.Histogram): Percentiles => {
  const at = (percentile: number): number => histogram.getValueAtPercentile(percentile) / 1000;
  return { p50: at(50), p90: at(90), p99: at(99), p999: at(99.9), max: at(100) };
};

export function createLatencyHistogram(): LatencyHistogram {
  const histogram = hdr.build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: usMax,
    numberOfSignificantValueDigits: 3,
    bitBucketSize: 64,
    useWebAssembly: false,
  });
  return {
    record: (ms) => histogram.recordValue(Math.min(usMax, Math.max(1, Math.round(ms * 1000)))),
    get count() {
      return histogram.totalCount;
    },
    percentiles: () => percentilesOf(histogram),
    add: (other) => histogram.add(other.hdr),
    corrected(ms) {
      const copy = histogram.copyCorrectedForCoordinatedOmission(Math.max(1, Math.round(ms * 1000)));
      return { percentiles: () => percentilesOf(copy) };
    },
    hgrm: () => histogram.outputPercentileDistribution(5, 1000),
    hdr: histogram,
  };
}

export interface Interval {
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly histogram: LatencyHistogram;
}

/** The text of a histogram log, version 1.3 with histograms in the V2 encoding. Values are microseconds; maxima milliseconds. */
export function histogramLog(intervals: readonly Interval[]): string {
  const lines: string[] = [];
  const writer = new hdr.HistogramLogWriter((text) => lines.push(text));
  const [first] = intervals;
  writer.outputLogFormatVersion();
  writer.outputStartTime(first?.startedAt ?? 0);
  writer.outputLegend();
  for (const { startedAt, endedAt, histogram } of intervals)
    writer.outputIntervalHistogram(histogram.hdr, startedAt / 1000, endedAt / 1000, 1000);
  return lines.join('');
}
