// One process that answers as an API worker does, over a catalogue of its own; or that sends as many bytes from bare node:http.
//
// Usage: worker.ts events|bare PORT EVENTS DIRECTORY

import { createServer } from 'node:http';
import { join } from 'node:path';
import { createCompanions } from '../../src/api/companions.ts';
import { packZones } from '../../src/domain/packed/zone-bytes.ts';
import type { DetailedEvent } from '../../src/domain/event.ts';
import { createApp } from '../../src/http/app.ts';
import { createCatalogueHeader } from '../../src/http/catalogue-header.ts';
import { createEventHandler } from '../../src/http/event/handler.ts';
import { createEventsHandler } from '../../src/http/events/handler.ts';
import { createOverload } from '../../src/http/overload.ts';
import { createSearchHandler } from '../../src/http/search-handler.ts';
import { createApiServer } from '../../src/http/server.ts';
import { keepShapes } from '../../src/kit/machine/shapes.ts';
import { createView } from '../../src/search/view.ts';
import { buildSegment } from '../../src/snapshot/build.thread.ts';
import { createCompanionEncoder } from '../../src/snapshot/companion/encode.ts';
import { splitOf } from '../../src/snapshot/layers.ts';
import { decodeSegment, type Segment } from '../../src/snapshot/segment.ts';
import { openLocalStore, type LocalStore } from '../../src/store/local.ts';
import type { Message } from '../kit/child.ts';
import { exitWithParent, sendToParent } from '../kit/ipc.ts';
import { variedEventAt, zonesOfEvent } from './catalogue.ts';

export interface WorkerReady extends Message {
  readonly type: 'worker-ready';
}

const [mode, port, count, home] = process.argv.slice(2) as [string, string, string, string];
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

/** Builds the segment of some events; its companion goes to the store. */
async function segmentOf(
  from: number,
  to: number,
  store: LocalStore,
): Promise<[hash: string, segment: Segment]> {
  const numbers = Array.from({ length: to - from }, (_, i) => from + i);
  const events = numbers.map(variedEventAt);
  const { entry, bytes } = buildSegment('2026', events);
  const sightings = { firstSeenAt: Date.UTC(2026, 0, 1), lastSeenAt: null, lastOnlineAt: null };
  const companion = createCompanionEncoder(packZones(numbers.map(zonesOfEvent)));
  for (const row of splitOf(events).ordinals)
    companion.add({ event: events[row] as DetailedEvent, row, zonesHash: '', sightings });
  await store.putCompanion(entry.hash, companion.finished(entry.hash));
  return [entry.hash, decodeSegment(bytes)];
}

const away = (): Promise<never> => Promise.reject(new Error('There is no archive.'));

async function serveEvents(): Promise<void> {
  keepShapes();
  const store = await openLocalStore(join(home, 'companions'));
  const segments = new Map<string, Segment>();
  for (let from = 0; from < Number(count); from += segmentEvents)
    segments.set(...(await segmentOf(from, Math.min(Number(count), from + segmentEvents), store)));
  const view = createView(1, segments);
  const current = () => view;
  const headers = {
    cacheControl: 'no-cache',
    vary: 'Accept-Encoding',
    catalogue: createCatalogueHeader(() => ({ ageSeconds: 0, stale: false, pinned: false })),
  };
  const event = createEventHandler({
    ...headers,
    current,
    companions: createCompanions({ store }),
    viewOf: () => Promise.resolve(null),
    past: { changes: away, eventAt: away },
    now: Date.now,
  });
  const none = { find: () => null, load: () => Promise.resolve(null) };
  createApiServer(
    createSearchHandler({ ...headers, currentView: current, cacheBytesMax: 64_000_000 }),
    createEventsHandler({ ...headers, current, ...none }),
    createApp(),
    { connectionsMax: 10_000, overload: createOverload(100), event },
  ).listen(Number(port), '127.0.0.1', ready);
}

const ready = (): void => sendToParent({ type: 'worker-ready' } satisfies WorkerReady);

if (import.meta.main) {
  exitWithParent();
  if (mode === 'bare') serveBare();
  else void serveEvents();
}
