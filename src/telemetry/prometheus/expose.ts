// Renders readings for Prometheus: in its text format or, if the client accepts it, in OpenMetrics, which has exemplars.

import type { Metric } from 'prom-client';
import { Registry } from './prom-client.ts';
import { isForOtlp, type Family, type Reading } from '#/telemetry/reading.ts';

export interface Exposition {
  readonly text: string;
  readonly contentType: string;
}

/** `accept`: the client's Accept header. */
export async function expose(reading: Reading, accept: string): Promise<Exposition> {
  const open = /application\/openmetrics-text/.test(accept);
  const registry = new Registry();
  if (open) registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE as never);
  for (const family of reading) {
    if (isForOtlp(family)) continue;
    // In OpenMetrics the name of a counter has no `_total`; only its samples do.
    const name = open && family.type === 'counter' ? family.name.replace(/_total$/, '') : family.name;
    registry.registerMetric(asMetric({ ...family, name }));
  }
  return { text: await registry.metrics(), contentType: registry.contentType };
}

/** The registry only reads a metric's name, type, help and values; prom-client's own aggregation relies on that, too. */
const asMetric = (family: Family): Metric =>
  ({ ...family, get: () => Promise.resolve(family) }) as unknown as Metric;
