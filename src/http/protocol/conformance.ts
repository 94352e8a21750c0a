// An HTTP server that enforces RFC 9110 and RFC 9112 where node leaves that to the application, on both ports. Faulty requests
// are refused before a handler sees them, and answers that node would send itself have the error envelope.

import type { RequestListener, Server, ServerOptions } from 'node:http';
import type { Duplex } from 'node:stream';
import { createServer, httpsServer } from '#/kit/http.ts';
import { secureOptions, type TlsFiles } from '#/kit/tls.ts';
import { nameResponse, type NamedListener } from '#/telemetry/request-id.ts';
import { isSearch } from '#/telemetry/requests.ts';
import { endWithError } from '#/http/envelope.ts';
import { endWithFault, headerBytesMax, methodUnknown, refuseMalformed } from './malformed.ts';
import { faultOf, toOriginForm } from './target.ts';

/** Wraps a listener, to observe each request before and after it. */
export type Watched = (listener: NamedListener) => RequestListener;

export interface Conforming {
  /** The value of Allow for `OPTIONS *`. */
  readonly methods: string;
  /** Whether operations read a body; with other methods than POST, PUT and PATCH none does. */
  readonly takesBodies: boolean;
  /** Null: plain HTTP. */
  readonly tls?: TlsFiles | null;
}

export function createConformingServer(
  options: ServerOptions,
  { methods, takesBodies, tls = null }: Conforming,
  listener: NamedListener,
  watched: Watched = unnamed,
): Server {
  const answer = watched((request, response, requestId) => {
    const fault = faultOf(request, takesBodies);
    if (fault !== null) {
      nameResponse(response, requestId);
      endWithError(response, fault.status, fault.code, fault.message, closing);
    } else if (request.url === '*') {
      nameResponse(response, requestId);
      response.writeHead(204, { Allow: methods }).end();
    } else listener(request, response, requestId);
  });
  const received: RequestListener = (request, response) => {
    if (!isSearch(request.url ?? '')) toOriginForm(request);
    answer(request, response);
  };
  const create = tls === null ? createServer : httpsServer;
  const server = create(
    {
      ...(tls === null ? {} : secureOptions(tls)),
      maxHeaderSize: headerBytesMax,
      // `faultOf` refuses a request without Host, or with two: joined, they are not a valid value.
      requireHostHeader: false,
      joinDuplicateHeaders: true,
      ...options,
    },
    tls === null ? received : secured(received),
  );
  server.on(
    'checkExpectation',
    watched((request, response, requestId) => {
      nameResponse(response, requestId);
      const message = `Got the expectation ${request.headers.expect ?? ''}, expected 100-continue.`;
      endWithError(response, 417, 'expectation_failed', message, closing);
    }),
  );
  server.on('connect', (_request, socket: Duplex) => {
    socket.on('error', () => socket.destroy());
    endWithFault(socket, methodUnknown('CONNECT'));
  });
  server.on('clientError', refuseMalformed);
  return server;
}

/** A browser that came over TLS once must not come back without it for a year. */
const secured =
  (listener: RequestListener): RequestListener =>
  (request, response) => {
    response.setHeader('Strict-Transport-Security', 'max-age=31536000');
    listener(request, response);
  };

/** After a faulty head, the end of the request is uncertain: the connection closes. */
const closing = { Connection: 'close' };

/** Observes nothing, and assigns no ids. */
export const unnamed: Watched = (listener) => (request, response) => listener(request, response, undefined);
