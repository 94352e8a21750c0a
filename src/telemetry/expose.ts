// Readings in the text that Prometheus scrapes: its own format, or OpenMetrics, which can carry exemplars, for whoever
// asks for it.

import { Registry, type Metric } from 'prom-client';
import type { Family, Reading } from './reading.ts';

export interface Exposition {
  readonly text: string;
  readonly contentType: string;
}

/** `accept`: the header of whoever asks. */
export async function expose(reading: Reading, accept: string): Promise<Exposition> {
  const open = /application\/openmetrics-text/.test(accept);
  const registry = new Registry();
  if (open) registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE as never);
  for (const family of reading) {
    // In OpenMetrics a counter is named without `_total`, and its samples with it.
    const name = open && family.type === 'counter' ? family.name.replace(/_total$/, '') : family.name;
    registry.registerMetric(asMetric({ ...family, name }));
  }
  return { text: await registry.metrics(), contentType: registry.contentType };
}

/** The registry asks a metric for its name, type and values only: so prom-client's own aggregation uses it too. */
const asMetric = (family: Family): Metric =>
  ({ ...family, get: () => Promise.resolve(family) }) as unknown as Metric;
