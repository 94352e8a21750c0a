// The metrics of one process: creates prom-client metrics from their declarations, and reads them all at once.

import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import {
  ownProcessMetrics,
  processMetrics,
  type AnyDeclaration,
  type CounterDeclaration,
  type GaugeDeclaration,
  type HistogramDeclaration,
} from './metrics.ts';
import type { Family, Reading } from './reading.ts';

type Made<D> =
  D extends CounterDeclaration<infer L>
    ? Counter<L[number]>
    : D extends GaugeDeclaration<infer L>
      ? Gauge<L[number]>
      : D extends HistogramDeclaration<infer L>
        ? Histogram<L[number]>
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

function make(declared: AnyDeclaration, registry: Registry): Counter | Gauge | Histogram {
  const { name, help, labels } = declared;
  const common = { name, help, labelNames: [...labels], registers: [registry] };
  if (declared.type === 'counter') return new Counter(common);
  if (declared.type === 'gauge') return new Gauge(common);
  return new Histogram({ ...common, buckets: [...declared.buckets] });
}

/** The metrics of every process: CPU, memory, event loop, garbage collection. One per process. */
export function createProcessMeter(): Pick<Meter<object>, 'read'> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const wanted = new Set(processMetrics);
  for (const { name } of registry.getMetricsAsArray())
    if (!wanted.has(name)) registry.removeSingleMetric(name);
  const own = createMeter(ownProcessMetrics);
  let before = performance.eventLoopUtilization();
  own.onRead(() => {
    const now = performance.eventLoopUtilization();
    own.metrics.utilisation.set(performance.eventLoopUtilization(now, before).utilization);
    before = now;
  });
  return {
    read: async () => [
      ...((await registry.getMetricsAsJSON()) as unknown as Family[]),
      ...(await own.read()),
    ],
  };
}
