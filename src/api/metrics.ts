// The metrics of an API worker.

import type { Server, Socket } from 'node:net';
import { refusalReasons } from '#/http/access/guard.ts';
import type { Manifest } from '#/snapshot/manifest.ts';
import type { View } from '#/search/view.ts';
import { createMeter, createProcessMeter, type Meters } from '#/telemetry/meter.ts';
import { apiMetrics, storeMetrics } from '#/telemetry/metrics.ts';
import { createRequestMeter, type RequestMeter } from '#/telemetry/requests.ts';
import type { SnapshotStore } from '#/store/store.ts';
import { reportMetrics } from '#/actor/metric-readings.ts';
import type { ServedChangesDeps } from './served-changes.ts';

export interface ApiMeters {
  readonly requests: RequestMeter;
  readonly api: Meters<typeof apiMetrics>;
  readonly stores: Meters<typeof storeMetrics>;
  /** Follows the connections of the server from now on. */
  countConnections(server: Pick<Server, 'on'>): void;
  /** The listeners are looked at for each reading. */
  countListeners(listeners: { readonly count: number; readonly cutOff: number }): void;
  swapped(view: View, manifest: Manifest, seconds: number): void;
  /** Observes how old served changes are, by the polls of a store. */
  servedFrom(store: Pick<SnapshotStore, 'polls'>): ServedChangesDeps;
  /** Sends a last reading to the supervisor. */
  report(): Promise<void>;
}

/** `byAnswer`: also read durations by route, method and status, for OTLP. */
export function createApiMeters(byAnswer: boolean): ApiMeters {
  const requests = createRequestMeter(Date.now, byAnswer);
  const api = createMeter(apiMetrics);
  const stores = createMeter(storeMetrics);
  const { metrics } = api;
  for (const outcome of ['swapped', 'refused']) metrics.refreshes.inc({ outcome }, 0);
  for (const reason of refusalReasons) metrics.denied.inc({ reason }, 0);
  /** Computed when it is read: with thousands of segments it takes longer than most swaps. */
  let sized: (() => Record<string, number>) | null = null;
  api.onRead(() => {
    for (const [part, bytes] of Object.entries(sized?.() ?? {})) metrics.snapshotBytes.set({ part }, bytes);
    sized = null;
  });
  // Absent before the first view: a 0 would be a view of 1970.
  metrics.snapshotLoaded.remove();
  return {
    requests,
    api: metrics,
    stores: stores.metrics,
    countConnections(server) {
      let connections = 0;
      server.on('connection', (socket: Socket) => {
        connections++;
        socket.once('close', () => connections--);
      });
      api.onRead(() => metrics.connections.set(connections));
    },
    countListeners(listeners) {
      let seen = 0;
      api.onRead(() => {
        metrics.listeners.set(listeners.count);
        metrics.listenersCutOff.inc(listeners.cutOff - seen);
        seen = listeners.cutOff;
      });
    },
    swapped(view, manifest, seconds) {
      metrics.refreshes.inc({ outcome: 'swapped' });
      metrics.refreshDuration.observe(seconds);
      metrics.snapshotEvents.set(view.events);
      metrics.snapshotSegments.set(view.segments.length);
      metrics.snapshotLoaded.set(Date.now() / 1000);
      sized = () => bytesOf(view, manifest);
    },
    servedFrom: (store) => ({
      store,
      observe: (seconds) => metrics.freshness.observe(seconds),
      now: Date.now,
    }),
    report: reportMetrics([requests, api, stores, createProcessMeter()]),
  };
}

function bytesOf({ segments }: View, manifest: Manifest): Record<string, number> {
  let rendered = 0;
  let deflated = 0;
  for (const { brief, long, whole } of segments) {
    rendered += brief.text.length + long.text.length;
    deflated += brief.deflated.length + (whole?.deflated.length ?? 0);
  }
  const all = manifest.segments.reduce((sum, { bytes }) => sum + bytes, 0);
  return { rendered, deflated, columns: all - rendered - deflated };
}
