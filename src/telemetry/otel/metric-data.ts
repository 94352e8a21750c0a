// Turns a reading of all processes into the metric data of the OpenTelemetry SDK, with cumulative temporality.

import { ValueType, type HrTime } from '@opentelemetry/api';
import {
  AggregationTemporality,
  DataPointType,
  type DataPoint,
  type Histogram,
  type MetricData,
} from '@opentelemetry/sdk-metrics';
import type { Family, Reading, Sample } from '#/telemetry/reading.ts';
import { metricNameOf, type MetricName } from './metric-names.ts';

/** `since`: when counting began. A value that is not a number is left out. */
export function metricDataOf(reading: Reading, since: HrTime, now: HrTime): MetricData[] {
  const found = new Map<string, MetricData>();
  for (const family of reading) {
    const as = metricNameOf(family);
    if (as === null) continue;
    const data = dataOf(family, as, since, now);
    const known = found.get(as.name);
    // Two families of Prometheus may be one metric here.
    if (known === undefined) found.set(as.name, data);
    else (known.dataPoints as DataPoint<unknown>[]).push(...data.dataPoints);
  }
  return [...found.values()].filter(({ dataPoints }) => dataPoints.length > 0);
}

function dataOf({ name, values }: Family, as: MetricName, startTime: HrTime, endTime: HrTime): MetricData {
  const common = {
    descriptor: { name: as.name, description: as.help, unit: as.unit, valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
  };
  const at = { startTime, endTime };
  if (as.kind === 'histogram') {
    const dataPoints = histogramsOf(name, values).map(({ labels, value }) => ({
      ...at,
      attributes: as.attributes(labels),
      value,
    }));
    return { ...common, dataPointType: DataPointType.HISTOGRAM, dataPoints };
  }
  const dataPoints = values
    .filter(({ value }) => Number.isFinite(value))
    .map(({ labels, value }) => ({ ...at, attributes: as.attributes(labels), value }));
  if (as.kind === 'gauge') return { ...common, dataPointType: DataPointType.GAUGE, dataPoints };
  return { ...common, dataPointType: DataPointType.SUM, isMonotonic: as.kind === 'sum', dataPoints };
}

interface Collected {
  readonly labels: Sample['labels'];
  readonly value: Histogram;
}

/** The samples of a histogram of Prometheus count all values up to a bound; in OTLP each bucket counts its own. */
function histogramsOf(name: string, samples: readonly Sample[]): Collected[] {
  const series = new Map<string, { labels: Sample['labels']; sum: number; upTo: Map<number, number> }>();
  for (const { metricName, labels, value } of samples) {
    const { le, ...own } = labels;
    const key = JSON.stringify(own);
    const known = series.get(key) ?? { labels: own, sum: 0, upTo: new Map<number, number>() };
    series.set(key, known);
    if (metricName === `${name}_sum`) known.sum = value;
    if (le !== undefined) known.upTo.set(le === '+Inf' ? Infinity : Number(le), value);
  }
  return Array.from(series.values(), ({ labels, sum, upTo }) => {
    const bounds = [...upTo.keys()].toSorted((a, b) => a - b);
    const below = bounds.map((bound) => upTo.get(bound) as number);
    const counts = below.map((count, i) => count - (below[i - 1] ?? 0));
    const boundaries = bounds.filter(Number.isFinite);
    return { labels, value: { buckets: { boundaries, counts }, sum, count: below.at(-1) ?? 0 } };
  });
}
