// Every metric there is, with its type, unit, labels and help.

import { Gauge, Registry } from 'prom-client';

export interface Metrics {
  /** Exposition in Prometheus' text format, and its content type. */
  expose(): Promise<{ text: string; contentType: string }>;
  workerServes(slot: number, version: number, state: { stale: boolean; pinned: boolean }): void;
  workerUp(slot: number, up: boolean): void;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  const version = new Gauge({
    name: 'marquee_snapshot_version',
    help: 'Version of the catalogue that the API worker of this slot serves; 0 when it has none.',
    labelNames: ['slot'],
    registers: [registry],
  });
  const up = new Gauge({
    name: 'marquee_worker_up',
    help: 'Whether the API worker of this slot is ready to answer (1) or not (0).',
    labelNames: ['slot'],
    registers: [registry],
  });
  const stale = new Gauge({
    name: 'marquee_snapshot_stale',
    help: 'Whether the API worker of this slot serves from its last good copy because the store of all hosts is away.',
    labelNames: ['slot'],
    registers: [registry],
  });
  const pinned = new Gauge({
    name: 'marquee_snapshot_pinned',
    help: 'Whether the API worker of this slot serves a version that an operator pinned.',
    labelNames: ['slot'],
    registers: [registry],
  });
  return {
    async expose() {
      return { text: await registry.metrics(), contentType: registry.contentType };
    },
    workerServes(slot, served, state) {
      version.set({ slot }, served);
      stale.set({ slot }, Number(state.stale));
      pinned.set({ slot }, Number(state.pinned));
    },
    workerUp: (slot, isUp) => up.set({ slot }, isUp ? 1 : 0),
  };
}
