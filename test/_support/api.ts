// The public server, as a client uses it: real sockets, a port of its own.

import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import type { ExecutionContext } from 'ava';
import { createApp } from '#/http/app.ts';
import { createCatalogueHeader, type CatalogueHeader, type Freshness } from '#/http/catalogue-header.ts';
import { createEventHandler } from '#/http/event/handler.ts';
import { createChangeFeed } from '#/http/changes/handler.ts';
import type { Listeners, ListenersOptions } from '#/http/changes/listeners.ts';
import { createEventsHandler } from '#/http/events/handler.ts';
import { varyOf, type CorsOrigins } from '#/http/protocol/cors.ts';
import { createOverload } from '#/http/overload.ts';
import { createRpdeHandler, type RpdeOptions } from '#/http/rpde/handler.ts';
import { createSearchHandler } from '#/http/search-handler.ts';
import { createApiServer, type ServerOptions } from '#/http/server.ts';
import type { Sighted } from '#/domain/event.ts';
import type { LatestReader } from '#/domain/journaled.ts';
import type { Past } from '#/domain/past.ts';
import type { Companions } from '#/search/by-id/companions.ts';
import type { Pinned } from '#/search/events/pinned.ts';
import { emptyView, type View } from '#/search/view.ts';
import { faultsOf } from './contract.ts';

export interface Client {
  readonly url: string;
  get(path: string, init?: RequestInit): Promise<Response>;
  /** Everything that the server sends in answer to these bytes, until it closes the connection. */
  raw(bytes: string | Uint8Array): Promise<string>;
}

/** Registers cleanup for the end of the test. */
type Ending = Pick<ExecutionContext, 'teardown'>;

export interface ApiOptions extends Partial<
  Pick<ListenersOptions, 'listenersMax' | 'standing' | 'beatMs' | 'now'>
> {
  readonly cors?: CorsOrigins;
  readonly isStrict?: boolean;
  readonly guard?: ServerOptions['guard'];
  readonly catalogue?: CatalogueHeader;
  readonly companions?: Companions;
  readonly viewOf?: (version: number) => Promise<View | null>;
  readonly past?: Past;
  readonly latest?: LatestReader;
  readonly rpde?: Pick<RpdeOptions, 'publicUrl' | 'license'>;
  /** Where earlier versions are found; by default none is kept. */
  readonly kept?: Pick<Pinned, 'find' | 'load'>;
}

/** A host without an archive. */
const noPast: Past = {
  changes: () => Promise.reject(new Error('There is no archive.')),
  eventAt: () => Promise.reject(new Error('There is no archive.')),
};

const noLatest: LatestReader = { latest: () => Promise.reject(new Error('There is no archive.')) };

/** What the companions say of an event unless a test has its own. */
export const plainSighted: Sighted = {
  firstSeenAt: Date.UTC(2021, 0, 1),
  lastSeenAt: null,
  lastOnlineAt: null,
  zones: '[["40","Platea",240,2000,true]]',
};

const plainCompanions: Companions = { peek: () => plainSighted, read: () => Promise.resolve(plainSighted) };

const nothingKept: Pick<Pinned, 'find' | 'load'> = { find: () => null, load: () => Promise.resolve(null) };

const current: Freshness = { ageSeconds: 0, stale: false, pinned: false };

/** What each handler needs for the headers of its answers. */
export const headerOptions = (
  cors: CorsOrigins | null = null,
  catalogue: CatalogueHeader = createCatalogueHeader(() => current),
) => ({ cacheControl: 'no-cache', vary: varyOf(cors), catalogue });

export interface ApiClient extends Client {
  readonly listeners: Listeners;
}

/** Each answer of `get` is compared with the contract: a difference rejects. */
export async function apiFor(
  t: Ending,
  currentView: () => View = () => emptyView,
  {
    cors,
    isStrict = false,
    guard = null,
    catalogue,
    companions = plainCompanions,
    viewOf = () => Promise.resolve(null),
    past = noPast,
    kept = nothingKept,
    latest = noLatest,
    rpde = { publicUrl: null, license: 'https://creativecommons.org/licenses/by/4.0/' },
    listenersMax = 100,
    ...listening
  }: ApiOptions = {},
): Promise<ApiClient> {
  const common = headerOptions(cors, catalogue);
  const search = createSearchHandler({
    ...common,
    currentView,
    isStrict,
    cacheBytesMax: 1_000_000,
  });
  const pinned: Pinned = { current: currentView, ...kept };
  const events = createEventsHandler({ ...common, ...pinned });
  const feed = createChangeFeed({
    ...common,
    versions: { ...pinned, isPinned: () => false, journal: null },
    tokenSeconds: () => 600,
    listenersMax,
    ...listening,
  });
  const listRpdeEvents = createRpdeHandler({
    ...common,
    ...rpde,
    current: currentView,
    reader: latest,
  });
  const event = createEventHandler({
    ...common,
    current: currentView,
    companions,
    viewOf,
    past,
    now: Date.now,
  });
  t.teardown(() => feed.listeners.stop());
  const limits = { connectionsMax: 1000, overload: createOverload(0), event };
  const server = createApiServer(search, events, createApp({ listChanges: feed.handle, listRpdeEvents }), {
    ...limits,
    guard,
    cors: cors ?? null,
  });
  const client = await clientOf(t, server);
  return {
    ...client,
    listeners: feed.listeners,
    async get(path, init = {}) {
      const answer = await client.get(path, init);
      const { status, headers } = answer;
      const body = await answer.clone().text();
      const faults = faultsOf({ method: init.method ?? 'GET', path, status, headers, body });
      if (faults.length > 0)
        throw new Error(`${init.method ?? 'GET'} ${path.slice(0, 200)}: ${faults.slice(0, 5).join('; ')}`);
      return answer;
    },
  };
}

/** Makes `server` listen on a free port until the test ends. */
export async function clientOf(t: Ending, server: Server): Promise<Client> {
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    get: (path, init = {}) => fetch(`${url}${path}`, { redirect: 'manual', ...init }),
    raw: (bytes) =>
      new Promise((resolve) => {
        const chunks: Buffer[] = [];
        const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
        socket.on('data', (chunk: Buffer) => chunks.push(chunk));
        socket.on('error', () => undefined);
        socket.on('close', () => resolve(Buffer.concat(chunks).toString()));
      }),
  };
}
