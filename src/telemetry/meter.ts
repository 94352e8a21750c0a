// The metrics of one process: creates prom-client metrics from their declarations, and reads them all at once.

import type * as promClient from 'prom-client';
import {
  ownProcessMetrics,
  processMetrics,
  type AnyDeclaration,
  type CounterDeclaration,
  type GaugeDeclaration,
  type HistogramDeclaration,
} from './metrics.ts';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from './prometheus/prom-client.ts';
import type { Family, Reading } from './reading.ts';

type Made<D> =
  D extends CounterDeclaration<infer L>
    ? promClient.Counter<L[number]>
    : D extends GaugeDeclaration<infer L>
      ? promClient.Gauge<L[number]>
      : D extends HistogramDeclaration<infer L>
        ? promClient.Histogram<L[number]>
        : never;

export type Meters<G> = { readonly [Name in keyof G]: Made<G[Name]> };

export interface Meter<G> {
  readonly metrics: Meters<G>;
  /** `look` is called before each reading, to set gauges. */
  onRead(look: () => void): void;
  read(): Promise<Reading>;
}

export function createMeter<G extends Readonly<Record<string, AnyDeclaration>>>(group: G): Meter<G> {
  const registry = new Registry();
  const looks: (() => void)[] = [];
  const made = Object.entries(group).map(([name, declared]) => [name, make(declared, registry)] as const);
  return {
    metrics: Object.fromEntries(made) as unknown as Meters<G>,
    onRead: (look) => void looks.push(look),
    async read() {
      for (const look of looks) look();
      return (await registry.getMetricsAsJSON()) as unknown as Family[];
    },
  };
}

function make(declared: AnyDeclaration, registry: promClient.Registry): promClient.Metric {
  const { name, help, labels } = declared;
  const common = { name, help, labelNames: [...labels], registers: [registry] };
  if (declared.type === 'counter') return new Counter(common);
  if (declared.type === 'gauge') return new Gauge(common);
  return new Histogram({ ...common, buckets: [...declared.buckets] });
}

/** The metrics of every process: CPU, memory, event loop, garbage collection. One per process. */
export function createProcessMeter(): Pick<Meter<object>, 'read'> {
  const registry = new Registry();
  collectDefaultMetrics(registry);
  const wanted = new Set(processMetrics);
  for (const { name } of registry.getMetricsAsArray())
    if (!wanted.has(name)) registry.removeSingleMetric(name);
  const own = createMeter(ownProcessMetrics);
  const cpu = createCpuMeter();
  let before = performance.eventLoopUtilization();
  own.onRead(() => {
    const now = performance.eventLoopUtilization();
    own.metrics.utilisation.set(performance.eventLoopUtilization(now, before).utilization);
    before = now;
  });
  return {
    read: async () => [
      ...((await registry.getMetricsAsJSON()) as unknown as Family[]),
      ...(await cpu.read()),
      ...(await own.read()),
    ],
  };
}

const cpuCounter = (kind: string, help: string) =>
  ({ type: 'counter', name: `process_cpu_${kind}seconds_total`, unit: 'seconds', labels: [], help }) as const;

/** As prom-client counts it. */
function createCpuMeter(): Pick<Meter<object>, 'read'> {
  const meter = createMeter({
    user: cpuCounter('user_', 'User CPU time of the process.'),
    system: cpuCounter('system_', 'System CPU time of the process.'),
    both: cpuCounter('', 'User and system CPU time of the process.'),
  });
  let before = process.cpuUsage();
  meter.onRead(() => {
    const now = process.cpuUsage();
    const [user, system] = [(now.user - before.user) / 1e6, (now.system - before.system) / 1e6];
    before = now;
    meter.metrics.user.inc(user);
    meter.metrics.system.inc(system);
    meter.metrics.both.inc(user + system);
  });
  return meter;
}
