// How families of metrics are named in OTLP. Those of Marquee keep their names and labels, so that queries written for Prometheus
// apply. Those of a process have the names of the semantic conventions for processes, Node and V8.

import * as declared from '#/telemetry/metrics.ts';
import type { Family, Sample } from '#/telemetry/reading.ts';

export interface MetricName {
  readonly name: string;
  /** In the notation of UCUM; empty for none. */
  readonly unit: string;
  readonly kind: 'sum' | 'upDown' | 'gauge' | 'histogram';
  readonly help: string;
  attributes(labels: Sample['labels']): Record<string, string | number>;
}

type Own = readonly [
  name: string,
  unit: string,
  kind: MetricName['kind'],
  more?: Readonly<Record<string, string>>,
];

const delay = (part: string): Own => [`nodejs.eventloop.delay.${part}`, 's', 'gauge'];

const processNames: Readonly<Record<string, Own>> = {
  process_cpu_user_seconds_total: ['process.cpu.time', 's', 'sum', { 'cpu.mode': 'user' }],
  process_cpu_system_seconds_total: ['process.cpu.time', 's', 'sum', { 'cpu.mode': 'system' }],
  process_resident_memory_bytes: ['process.memory.usage', 'By', 'upDown'],
  process_open_fds: ['process.unix.file_descriptor.count', '{file_descriptor}', 'upDown'],
  nodejs_eventloop_lag_min_seconds: delay('min'),
  nodejs_eventloop_lag_max_seconds: delay('max'),
  nodejs_eventloop_lag_mean_seconds: delay('mean'),
  nodejs_eventloop_lag_stddev_seconds: delay('stddev'),
  nodejs_eventloop_lag_p50_seconds: delay('p50'),
  nodejs_eventloop_lag_p90_seconds: delay('p90'),
  nodejs_eventloop_lag_p99_seconds: delay('p99'),
  nodejs_gc_duration_seconds: ['v8js.gc.duration', 's', 'histogram'],
  [declared.ownProcessMetrics.utilisation.name]: ['nodejs.eventloop.utilization', '1', 'gauge'],
};

/** Sums or duplicates of others. */
const leftOut = new Set(['process_cpu_seconds_total', 'nodejs_eventloop_lag_seconds']);

const groups = [
  declared.requestMetrics,
  declared.apiMetrics,
  declared.storeMetrics,
  declared.ingestMetrics,
  declared.hostMetrics,
];
const units = new Map(
  groups.flatMap((group) => Object.values(group).map(({ name, unit }) => [name, unit] as const)),
);

const kinds = { counter: 'sum', gauge: 'gauge', histogram: 'histogram' } as const;

/** Null for a family that is not exported. */
export function metricNameOf({ name, type, help }: Family): MetricName | null {
  if (leftOut.has(name)) return null;
  const own = processNames[name];
  if (own !== undefined) {
    const [conventional, unit, kind, more = {}] = own;
    return {
      name: conventional,
      unit,
      kind,
      help,
      attributes: (labels) => ({ ...byConvention(labels), ...more }),
    };
  }
  const isConventional = name.includes('.');
  return {
    name,
    unit: unitOf(name),
    kind: kinds[type],
    help,
    attributes: isConventional ? byConvention : asTexts,
  };
}

const renamed: Readonly<Record<string, string>> = { slot: 'marquee.slot', kind: 'v8js.gc.type' };

const byConvention = (labels: Sample['labels']): Record<string, string | number> =>
  Object.fromEntries(Object.entries(labels).map(([label, value]) => [renamed[label] ?? label, value]));

const asTexts = (labels: Sample['labels']): Record<string, string> =>
  Object.fromEntries(Object.entries(labels).map(([label, value]) => [label, String(value)]));

function unitOf(name: string): string {
  if (name.includes('.') || /_seconds(?:_total)?$/.test(name)) return 's';
  if (/_bytes(?:_total)?$/.test(name)) return 'By';
  const unit = units.get(name) ?? 'boolean';
  if (unit === 'ratio') return '1';
  return unit === 'boolean' ? '' : `{${unit}}`;
}
