// The public HTTP server: it applies limits, then calls the search handler for /search, and Express for other paths.

import type { RequestListener, Server } from 'node:http';
import type { TlsFiles } from '#/kit/tls.ts';
import { keepSocketShape } from '#/kit/machine/shapes.ts';
import { nameResponse, type NamedListener } from '#/telemetry/request-id.ts';
import { isEvents, isSearch } from '#/telemetry/requests.ts';
import { isEvent } from '#/telemetry/routing/single-events.ts';
import { createConformingServer, unnamed, type Watched } from './protocol/conformance.ts';
import { withCors, type CorsOrigins } from './protocol/cors.ts';
import { allMethods } from './contract/routes.ts';
import { endWithError, refuseBusy } from './envelope.ts';
import { urlLengthMax } from './protocol/malformed.ts';
import type { Overload } from './overload.ts';
import type { EventHandler } from './event/handler.ts';
import type { EventsHandler } from './events/handler.ts';
import type { SearchHandler } from './search-handler.ts';

/** An answer of Express costs as much as a search answer of this size. */
const pageBytes = 200_000;
/** A connection without any transfer for this long is closed. */
const stalledMs = 30_000;

export interface ServerOptions {
  /** Further connections are closed at once. */
  readonly connectionsMax: number;
  readonly overload: Overload;
  readonly watched?: Watched;
  /** Null: plain HTTP. */
  readonly tls?: TlsFiles | null;
  /** Decides whether a request may be answered; null: every request may. */
  readonly guard?: ((listener: NamedListener) => NamedListener) | null;
  /** The other origins whose scripts may read answers; null for none. */
  readonly cors?: CorsOrigins | null;
  /** Answers for single events; without it, they are not found. */
  readonly event?: EventHandler | null;
}

const methods = allMethods.join(', ');

export function createApiServer(
  search: SearchHandler,
  events: EventsHandler,
  app: RequestListener,
  {
    connectionsMax,
    overload,
    watched = unnamed,
    guard = null,
    cors = null,
    tls = null,
    event = null,
  }: ServerOptions,
): Server {
  const guarded = guard ?? ((listener: NamedListener) => listener);
  const server = createConformingServer(
    {
      headersTimeout: 10_000,
      requestTimeout: 15_000,
      // How often both timeouts are checked; node would do so twice a minute.
      connectionsCheckingInterval: 1000,
      keepAliveTimeout: 65_000,
      noDelay: true,
    },
    { methods: `${methods}, OPTIONS`, takesBodies: true, tls },
    guarded((request, response, requestId) => {
      const busy = overload.isBusy();
      const url = request.url ?? '/';
      const searched = isSearch(url);
      const listed = !searched && isEvents(url);
      const single = !searched && !listed && event !== null && isEvent(url);
      // These handlers write the id with their other headers.
      if (!(searched || listed || single) || url.length > urlLengthMax) nameResponse(response, requestId);
      if (url.length > urlLengthMax) {
        endWithError(
          response,
          414,
          'uri_too_long',
          `Got a URL of ${url.length} characters, expected at most ${urlLengthMax}.`,
        );
        return;
      }
      try {
        if (searched) search(request, response, url.slice(8), requestId, busy ? overload : null);
        else if (listed) events(request, response, url, requestId, busy ? overload : null);
        else if (single) event?.(request, response, url, requestId, busy ? overload : null);
        else if (busy && !overload.admits(request.socket, pageBytes)) refuseBusy(response);
        else app(request, response);
      } catch {
        if (!response.headersSent) {
          nameResponse(response, requestId);
          endWithError(response, 500, 'internal', 'The search failed.');
        } else response.destroy();
      }
      if (request.socket.writableLength > 0) response.once('close', overload.sending());
    }),
    // Inside, so that answers to faulty requests have the headers too.
    cors === null ? watched : (listener) => watched(withCors(cors, methods, listener)),
  );
  server.maxRequestsPerSocket = 0;
  server.timeout = stalledMs;
  server.maxConnections = connectionsMax;
  // Without this, node would return the connection to the supervisor, which would offer it again repeatedly.
  Object.assign(server, { dropMaxConnection: true });
  server.on(tls === null ? 'connection' : 'secureConnection', keepSocketShape);
  return server;
}
