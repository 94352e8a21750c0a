// One process that answers as an API worker does, and replaces some events of its catalogue each second, from a message on.
// The segments of all versions are encoded beforehand, as ingest is another process; they are decoded when they are served. Or, with
// `bare`, it writes as many bytes to each listener with node:http alone.
//
// Usage: worker.ts changes|bare PORT EVENTS CHANGED VERSIONS

import { createServer, type ServerResponse } from 'node:http';
import { createEditions } from '../../src/api/editions.ts';
import type { DetailedEvent } from '../../src/domain/event.ts';
import { createApp } from '../../src/http/app.ts';
import { createCatalogueHeader } from '../../src/http/catalogue-header.ts';
import { createChangeFeed } from '../../src/http/changes/handler.ts';
import { createEventsHandler } from '../../src/http/events/handler.ts';
import { createOverload } from '../../src/http/overload.ts';
import { createSearchHandler } from '../../src/http/search-handler.ts';
import { createApiServer } from '../../src/http/server.ts';
import { keepShapes } from '../../src/kit/machine/shapes.ts';
import { createView } from '../../src/search/view.ts';
import { encodeSegment } from '../../src/snapshot/encode.ts';
import { decodeSegment } from '../../src/snapshot/segment.ts';
import { variedEventAt } from '../events/catalogue.ts';
import type { Message } from '../kit/child.ts';
import { exitWithParent, onParentMessage, sendToParent } from '../kit/ipc.ts';

export interface Ready extends Message {
  readonly type: 'ready';
}

/** Sent when a version is about to be served. */
export interface Published extends Message {
  readonly type: 'published';
  readonly version: number;
  /** Milliseconds of the clock that all processes of the machine share. */
  readonly at: number;
}

export interface Done extends Message {
  readonly type: 'done';
}

const [mode = '', ...sizes] = process.argv.slice(2);
const [port, count, changed, versions] = sizes.map(Number) as [number, number, number, number];
const segmentEvents = 4000;
const everyMs = 1000;
/** Segments that a version replaces. */
const touched = 5;

/** The bytes of the segments that a version replaces, by index; of the first one, of all. */
type Replaced = ReadonlyMap<number, Uint8Array>;

function encodeAll(): Replaced[] {
  const all = Array.from({ length: count }, (_, i) => variedEventAt(i));
  const segments = Math.ceil(count / segmentEvents);
  const sliceOf = (i: number): DetailedEvent[] => all.slice(i * segmentEvents, (i + 1) * segmentEvents);
  const first = new Map(Array.from({ length: segments }, (_, i) => [i, encodeSegment(sliceOf(i))]));
  const later = Array.from({ length: versions }, (_, v) => {
    const some = Array.from(
      { length: Math.min(touched, segments) },
      (_unused, k) => (v * touched + k) % segments,
    );
    return new Map(
      some.map((i) => {
        const slice = sliceOf(i);
        for (let k = 0; k < changed / some.length; k++) {
          const at = (k * 7) % slice.length;
          slice[at] = { ...(slice[at] as DetailedEvent), title: `Version ${v + 2}: ${k}` };
        }
        return [i, encodeSegment(slice)];
      }),
    );
  });
  return [first, ...later];
}

function serve(): void {
  keepShapes();
  const encoded = encodeAll();
  let version = 1;
  let segments = [...(encoded[0] as Replaced).values()].map((bytes, i) => ({
    name: `${i} 1`,
    segment: decodeSegment(bytes),
  }));
  let view = viewOf();
  const store = {
    retrieveManifest: () => Promise.reject(new Error('There is no store.')),
    retrieveSegment: () => Promise.reject(new Error('There is no store.')),
    trouble: null,
  };
  const editions = createEditions({ store, now: () => performance.now() });
  editions.swapped(view);
  const current = () => view;
  const pinned = { current, find: editions.find, load: editions.load };
  const headers = {
    cacheControl: 'no-cache',
    vary: 'Accept-Encoding',
    catalogue: createCatalogueHeader(() => ({ ageSeconds: 0, stale: false, pinned: false })),
  };
  const feed = createChangeFeed({
    ...headers,
    versions: { ...pinned, isPinned: () => false, journal: null },
    tokenSeconds: () => 600,
    listenersMax: 100_000,
  });
  createApiServer(
    createSearchHandler({ ...headers, currentView: current, cacheBytesMax: 64_000_000 }),
    createEventsHandler({ ...headers, ...pinned }),
    createApp({ listChanges: feed.handle }),
    { connectionsMax: 100_000, overload: createOverload(100) },
  ).listen({ port, host: '127.0.0.1', backlog: 4096 }, ready);

  function viewOf() {
    return createView(version, new Map(segments.map(({ name, segment }) => [name, segment])));
  }

  onStart((next) => {
    version = next;
    const replaced = encoded[version - 1] as Replaced;
    segments = segments.map((old, i) => {
      const bytes = replaced.get(i);
      return bytes === undefined ? old : { name: `${i} ${version}`, segment: decodeSegment(bytes) };
    });
    view = viewOf();
    editions.swapped(view);
    feed.listeners.swapped();
  });
}

const ready = (): void => sendToParent({ type: 'ready' } satisfies Ready);

/** Calls `publish` each second with the next version, from 2 on, once the parent says so. */
function onStart(publish: (version: number) => void): void {
  let version = 1;
  let publishing: NodeJS.Timeout;
  const next = (): void => {
    const at = Number(process.hrtime.bigint()) / 1e6;
    publish(++version);
    sendToParent({ type: 'published', version, at } satisfies Published);
    if (version <= versions) return;
    clearInterval(publishing);
    setTimeout(() => sendToParent({ type: 'done' } satisfies Done), 2 * everyMs);
  };
  onParentMessage(({ type }) => {
    if (type === 'start') publishing = setInterval(next, everyMs);
  });
}

/** Bytes of a change, as measured. */
const changeBytes = 690;

function serveBare(): void {
  const listening = new Set<ServerResponse>();
  createServer((request, response) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    if (request.url !== '/changes') {
      response.end();
      return;
    }
    response.write('\n\n');
    listening.add(response);
  }).listen({ port, host: '127.0.0.1', backlog: 4096 }, ready);
  onStart((version) => {
    const text = `"title":"Version ${version}: `;
    const message = Buffer.from(`${text.padEnd(changed * changeBytes, 'x')}\n\n`);
    for (const response of listening) response.write(message);
  });
}

if (import.meta.main) {
  exitWithParent();
  if (mode === 'bare') serveBare();
  else serve();
}
