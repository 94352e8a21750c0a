// The public HTTP server: limits first, then /search, then Express for all else.

import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { keepSocketShape } from '#/kit/machine/shapes.ts';
import { nameResponse } from '#/telemetry/request-id.ts';
import { isSearch } from '#/telemetry/requests.ts';
import { createConformingServer, type Watched } from './conformance.ts';
import { endWithError, refuseBusy } from './envelope.ts';
import { urlLengthMax } from './malformed.ts';
import type { Overload } from './overload.ts';
import type { SearchHandler } from './search-handler.ts';

/** What Express gives costs as much as so many bytes of a search. */
const pageBytes = 200_000;
/** A client that takes nothing of its answer for so long has gone. */
const stalledMs = 30_000;

export interface ServerOptions {
  /** Beyond, the next connections are closed as they come. */
  readonly connectionsMax: number;
  readonly overload: Overload;
  readonly watched?: Watched;
}

export function createApiServer(
  search: SearchHandler,
  app: RequestListener,
  { connectionsMax, overload, watched }: ServerOptions,
): Server {
  const server = createConformingServer(
    {
      headersTimeout: 10_000,
      requestTimeout: 15_000,
      // How often those two are looked at; node would do so twice a minute.
      connectionsCheckingInterval: 1000,
      keepAliveTimeout: 65_000,
      noDelay: true,
    },
    'GET, HEAD, OPTIONS',
    (request, response, requestId) => {
      const busy = overload.isBusy();
      const url = request.url ?? '/';
      const searched = isSearch(url);
      // The search writes its head in one go, with the id in it.
      if (!searched || url.length > urlLengthMax) nameResponse(response, requestId);
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
        else if (busy && !overload.admits(request.socket, pageBytes)) refuseBusy(response);
        else app(request, response);
      } catch {
        if (!response.headersSent) {
          nameResponse(response, requestId);
          endWithError(response, 500, 'internal', 'The search could not be answered.');
        } else response.destroy();
      }
      if (request.socket.writableLength > 0) response.once('close', overload.sending());
    },
    watched,
  );
  server.maxRequestsPerSocket = 0;
  server.timeout = stalledMs;
  server.maxConnections = connectionsMax;
  // Else the connection would go back to the supervisor, which would offer it again and again.
  Object.assign(server, { dropMaxConnection: true });
  server.on('connection', keepSocketShape);
  return server;
}

/** Path without the query, for routing and messages. */
export const pathOf = (request: IncomingMessage): string => (request.url ?? '/').split('?', 1)[0] ?? '/';
