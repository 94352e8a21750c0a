// The parts of prom-client that Marquee uses. Its main module also loads a push gateway, an aggregator for node:cluster, summaries
// and OpenTelemetry: 80 more modules, which take a fifth of the processor time that an API worker needs to start.

import { createRequire } from 'node:module';
import type * as promClient from 'prom-client';

const load = createRequire(import.meta.url);
const named = (name: string): unknown => load(`prom-client/lib/${name}.js`);

export const Registry = named('registry') as typeof promClient.Registry;
export const Counter = named('counter') as typeof promClient.Counter;
export const Gauge = named('gauge') as typeof promClient.Gauge;
export const Histogram = named('histogram') as typeof promClient.Histogram;

/** Not processCpuTotal, which loads OpenTelemetry. */
const kinds =
  'processStartTime osMemoryHeap processOpenFileDescriptors processMaxFileDescriptors eventLoopLag heapSizeAndUsed gc';
const config = { eventLoopMonitoringPrecision: 10 };

/** Registers the metrics of memory, descriptors, event loop and garbage collection. */
export function collectDefaultMetrics(registry: promClient.Registry): void {
  type Register = (registry: promClient.Registry, config: { eventLoopMonitoringPrecision: number }) => void;
  for (const kind of kinds.split(' ')) (named(`metrics/${kind}`) as Register)(registry, config);
}
