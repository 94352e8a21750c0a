// One process that answers GET /search as an API worker does, over a catalogue of its own: with keys and limits, with TLS, under
// node's permission model, or with none of them. Or it sends as many bytes from bare node:https.
//
// Usage: worker.ts plain|guarded|tls|bare PORT PLAIN_PORT EVENTS KEY CERT_FILE TLS_KEY_FILE
//
// `guarded` also serves at PLAIN_PORT, without keys and limits.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { createAuthenticator } from '../../src/access/authenticator.ts';
import { createBudgets } from '../../src/access/budgets.ts';
import { createClientAddress } from '../../src/access/client-address.ts';
import { hashOf } from '../../src/access/key.ts';
import { createWindows } from '../../src/access/windows.ts';
import { withGuard } from '../../src/http/access/guard.ts';
import { createThrottle } from '../../src/http/access/throttle.ts';
import { createApp } from '../../src/http/app.ts';
import { createCatalogueHeader } from '../../src/http/catalogue-header.ts';
import { createEventsHandler } from '../../src/http/events/handler.ts';
import { createOverload } from '../../src/http/overload.ts';
import { createSearchHandler } from '../../src/http/search-handler.ts';
import { createApiServer, type ServerOptions } from '../../src/http/server.ts';
import { keepShapes } from '../../src/kit/machine/shapes.ts';
import { secureOptions, type TlsFiles } from '../../src/kit/tls.ts';
import { createView } from '../../src/search/view.ts';
import { encodeSegment } from '../../src/snapshot/encode.ts';
import { decodeSegment } from '../../src/snapshot/segment.ts';
import type { Message } from '../kit/child.ts';
import { exitWithParent, sendToParent } from '../kit/ipc.ts';
import { eventAt } from '../telemetry/events.ts';

export interface WorkerReady extends Message {
  readonly type: 'worker-ready';
}

const [mode, port, plainPort, count, secret, certFile, keyFile] = process.argv.slice(2) as [
  string,
  string,
  string,
  string,
  string,
  string,
  string,
];
/** Some digits of a limit that is not reached: a worker then takes tokens of its counter now and then. */
const limit = 1_000_000_000;
const windowSeconds = 60;
const keysMany = 1000;
const bareBytes = 960;

const tls = (): TlsFiles => ({
  cert: readFileSync(certFile, 'utf8'),
  key: readFileSync(keyFile, 'utf8'),
  clientCa: null,
});

const now = (): number => performance.now();

/** As in an API worker; only the shared counter is in this process. */
function guard(): NonNullable<ServerOptions['guard']> {
  const windows = createWindows(now);
  const keys = Array.from({ length: keysMany }, (_, i) => ({
    name: `client-${i}`,
    hash: hashOf(i === 0 ? secret : `${secret}${i}`),
    scopes: ['search:read'] as const,
    expiresAt: null,
    limit: null,
  }));
  const authenticator = createAuthenticator({ keys, issuer: null, adminTokenHash: null }, null, Date.now);
  const budgets = createBudgets({
    consume: (client, tokens) => Promise.resolve(windows.consume(client, tokens, windowSeconds * 1000)),
    now,
    failed: (error) => {
      throw error;
    },
  });
  const throttle = createThrottle({ budgets, addressOf: createClientAddress([]), limit, windowSeconds, now });
  return (listener) => withGuard({ authenticator, throttle, refused: () => undefined }, listener);
}

function serve(): void {
  keepShapes();
  const segment = decodeSegment(encodeSegment(Array.from({ length: Number(count) }, (_, i) => eventAt(i))));
  const view = createView(1, new Map([['only', segment]]));
  const headers = {
    cacheControl: 'no-cache',
    vary: 'Accept-Encoding',
    catalogue: createCatalogueHeader(() => ({ ageSeconds: 0, stale: false, pinned: false })),
  };
  const search = createSearchHandler({ ...headers, currentView: () => view, cacheBytesMax: 64_000_000 });
  const events = createEventsHandler({
    ...headers,
    current: () => view,
    find: () => null,
    load: () => Promise.resolve(null),
  });
  const listen = (at: string, options: Partial<ServerOptions>, listening?: () => void): void =>
    void createApiServer(search, events, createApp(), {
      connectionsMax: 10_000,
      overload: createOverload(100),
      ...options,
    }).listen(Number(at), '127.0.0.1', listening);
  if (mode === 'guarded') listen(plainPort, {}, () => listen(port, { guard: guard() }, ready));
  else listen(port, mode === 'tls' ? { tls: tls() } : {}, ready);
}

/** The least that a server over TLS does, with the same suites. */
function serveBare(): void {
  const body = Buffer.alloc(bareBytes, 120);
  createServer(secureOptions(tls()), (_request, response) => {
    response.writeHead(200, {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': body.length,
    });
    response.end(body);
  }).listen(Number(port), '127.0.0.1', ready);
}

const ready = (): void => sendToParent({ type: 'worker-ready' } satisfies WorkerReady);

if (import.meta.main) {
  exitWithParent();
  if (mode === 'bare') serveBare();
  else serve();
}
