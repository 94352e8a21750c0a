// The parts of prom-client that Marquee uses. Its main module also loads a push gateway, an aggregator for node:cluster, summaries
// and OpenTelemetry: 80 more modules, which take a fifth of the processor time that an API worker needs to start.

import { createRequire } from 'node:module';
import type * as promClient from 'prom-client';

type DefaultMetric = (
  registry: promClient.Registry,
  config: { eventLoopMonitoringPrecision: number },
) => void;

const load = createRequire(import.meta.url);

export const Registry = load('prom-client/lib/registry.js') as typeof promClient.Registry;
export const Counter = load('prom-client/lib/counter.js') as typeof promClient.Counter;
export const Gauge = load('prom-client/lib/gauge.js') as typeof promClient.Gauge;
export const Histogram = load('prom-client/lib/histogram.js') as typeof promClient.Histogram;

/** In milliseconds; the default of prom-client. */
const loopPrecision = 10;
// Not processCpuTotal, which loads OpenTelemetry.
const defaultMetrics = [
  'processStartTime',
  'osMemoryHeap',
  'processOpenFileDescriptors',
  'processMaxFileDescriptors',
  'eventLoopLag',
  'heapSizeAndUsed',
  'gc',
];

/** Registers the metrics of memory, descriptors, event loop and garbage collection. */
export function collectDefaultMetrics(registry: promClient.Registry): void {
  for (const name of defaultMetrics) {
    const register = load(`prom-client/lib/metrics/${name}.js`) as DefaultMetric;
    register(registry, { eventLoopMonitoringPrecision: loopPrecision });
  }
}
