// One process that answers GET /search as an API worker does, over a catalogue of its own, with all telemetry or with none.
//
// Usage: worker.ts on|off PORT EVENTS OTLP_URL

import { createApp } from '../../src/http/app.ts';
import { createEventsHandler } from '../../src/http/events/handler.ts';
import { createOverload } from '../../src/http/overload.ts';
import { createCatalogueHeader } from '../../src/http/catalogue-header.ts';
import { createSearchHandler } from '../../src/http/search-handler.ts';
import { createApiServer } from '../../src/http/server.ts';
import { createView } from '../../src/search/view.ts';
import { encodeSegment } from '../../src/snapshot/encode.ts';
import { keepShapes } from '../../src/kit/machine/shapes.ts';
import { decodeSegment } from '../../src/snapshot/segment.ts';
import { createAccessLog } from '../../src/telemetry/access-log.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { createMeter, createProcessMeter } from '../../src/telemetry/meter.ts';
import { apiMetrics } from '../../src/telemetry/metrics.ts';
import { createRequestMeter } from '../../src/telemetry/requests.ts';
import { startTracing } from '../../src/telemetry/start-tracing.ts';
import { noTracing } from '../../src/telemetry/tracing.ts';
import { watchRequests } from '../../src/telemetry/watch.ts';
import type { Message } from '../kit/child.ts';
import { exitWithParent, sendToParent } from '../kit/ipc.ts';
import { eventAt } from './events.ts';

export interface WorkerReady extends Message {
  readonly type: 'worker-ready';
}

const [mode, port, count, url] = process.argv.slice(2) as [string, string, string, string];
const slowMs = 250;
const share = 0.01;
/** Three times as often as Prometheus scrapes with the configuration in ops/prometheus. */
const readEveryMs = 5000;
/** The default limits, for both modes. */
const limits = { connectionsMax: 10_000, overload: createOverload(100) };

async function serve(): Promise<void> {
  keepShapes();
  const segment = decodeSegment(encodeSegment(Array.from({ length: Number(count) }, (_, i) => eventAt(i))));
  const view = createView(1, new Map([['only', segment]]));
  const meter = createRequestMeter(Date.now);
  const headers = {
    cacheControl: 'no-cache',
    vary: 'Accept-Encoding',
    catalogue: createCatalogueHeader(() => ({ ageSeconds: 0, stale: false, pinned: false })),
  };
  const search = createSearchHandler({
    ...headers,
    currentView: () => view,
    cacheBytesMax: 64_000_000,
    ...(mode === 'on' ? { cacheLooked: meter.cacheLooked, sized: meter.sized } : {}),
  });
  const events = createEventsHandler({
    ...headers,
    current: () => view,
    find: () => null,
    load: () => Promise.resolve(null),
  });
  if (mode === 'off') {
    createApiServer(search, events, createApp(), limits).listen(Number(port), '127.0.0.1', ready);
    return;
  }
  const service = { service: 'load', attributes: {} };
  const sampling = { sampler: 'parentbased_traceidratio', ratio: share };
  const tracingOptions = { url, protocol: 'http/protobuf', headers: {}, ...service, ...sampling } as const;
  const tracing = await startTracing(tracingOptions, { version: '0', actor: 'api', slot: 0, slowMs });
  if (tracing === noTracing) throw new Error('Got no tracing, expected it on.');
  const log = createLog({ level: 'info', actor: 'api', worker: 0 });
  const api = createMeter(apiMetrics);
  const accessLog = createAccessLog({
    log,
    share,
    dropped: () => api.metrics.logDropped.inc(),
    now: Date.now,
  });
  const meters = [meter, api, createProcessMeter()];
  setInterval(() => {
    void Promise.all(meters.map(async (one) => one.read())).then((reading) =>
      sendToParent({ type: 'reading', reading }),
    );
  }, readEveryMs);
  createApiServer(search, events, createApp(), {
    ...limits,
    watched: (listener) =>
      watchRequests(listener, {
        meter,
        accessLog,
        logShare: share,
        slowMs,
        trace: tracing.request,
        version: () => view.version,
      }),
  }).listen(Number(port), '127.0.0.1', ready);
}

const ready = (): void => sendToParent({ type: 'worker-ready' } satisfies WorkerReady);

if (import.meta.main) {
  exitWithParent();
  await serve();
}
