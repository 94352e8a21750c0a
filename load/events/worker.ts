// One process that answers as an API worker does, over a catalogue of its own; or that sends as many bytes from bare node:http.
//
// Usage: worker.ts events|bare PORT EVENTS

import { createServer } from 'node:http';
import { createApp } from '../../src/http/app.ts';
import { createCatalogueHeader } from '../../src/http/catalogue-header.ts';
import { createEventsHandler } from '../../src/http/events/handler.ts';
import { createOverload } from '../../src/http/overload.ts';
import { createSearchHandler } from '../../src/http/search-handler.ts';
import { createApiServer } from '../../src/http/server.ts';
import { keepShapes } from '../../src/kit/machine/shapes.ts';
import { createView } from '../../src/search/view.ts';
import { encodeSegment } from '../../src/snapshot/encode.ts';
import { decodeSegment } from '../../src/snapshot/segment.ts';
import type { Message } from '../kit/child.ts';
import { exitWithParent, sendToParent } from '../kit/ipc.ts';
import { variedEventAt } from './catalogue.ts';

export interface WorkerReady extends Message {
  readonly type: 'worker-ready';
}

const [mode, port, count] = process.argv.slice(2) as [string, string, string];
const segmentEvents = 4000;

/** Answers `/LENGTH` with so many bytes. */
function serveBare(): void {
  const bodies = new Map<string, Buffer>();
  createServer((request, response) => {
    const path = request.url ?? '/0';
    let body = bodies.get(path);
    if (body === undefined) bodies.set(path, (body = Buffer.alloc(Number(path.slice(1)), 120)));
    response.writeHead(200, {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': body.length,
    });
    response.end(body);
  }).listen(Number(port), '127.0.0.1', ready);
}

function serveEvents(): void {
  keepShapes();
  const all = Array.from({ length: Number(count) }, (_, i) => variedEventAt(i));
  const segments = Array.from({ length: Math.ceil(all.length / segmentEvents) }, (_, i) =>
    decodeSegment(encodeSegment(all.slice(i * segmentEvents, (i + 1) * segmentEvents))),
  );
  const view = createView(1, new Map(segments.map((segment, i) => [String(i), segment])));
  const current = () => view;
  const headers = {
    cacheControl: 'no-cache',
    vary: 'Accept-Encoding',
    catalogue: createCatalogueHeader(() => ({ ageSeconds: 0, stale: false, pinned: false })),
  };
  const none = { find: () => null, load: () => Promise.resolve(null) };
  createApiServer(
    createSearchHandler({ ...headers, currentView: current, cacheBytesMax: 64_000_000 }),
    createEventsHandler({ ...headers, current, ...none }),
    createApp(),
    { connectionsMax: 10_000, overload: createOverload(100) },
  ).listen(Number(port), '127.0.0.1', ready);
}

const ready = (): void => sendToParent({ type: 'worker-ready' } satisfies WorkerReady);

if (import.meta.main) {
  exitWithParent();
  if (mode === 'bare') serveBare();
  else serveEvents();
}
