// A server that keeps to RFC 9110 and RFC 9112 where node leaves that to its user, the same on both ports: what is wrong
// with a request is found before anybody reads it, and every answer that node would give by itself has the envelope.

import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import type { Duplex } from 'node:stream';
import { nameResponse, type NamedListener } from '#/telemetry/request-id.ts';
import { isSearch } from '#/telemetry/requests.ts';
import { endWithError } from './envelope.ts';
import { endWithFault, headerBytesMax, methodUnknown, refuseMalformed } from './malformed.ts';
import { faultOf, toOriginForm } from './target.ts';

/** Gives the listener back, with each request seen before and after it. */
export type Watched = (listener: NamedListener) => RequestListener;

/** `methods`: the value of Allow for `OPTIONS *`. */
export function createConformingServer(
  options: ServerOptions,
  methods: string,
  listener: NamedListener,
  watched: Watched = unnamed,
): Server {
  const answer = watched((request, response, requestId) => {
    const fault = faultOf(request);
    if (fault !== null) {
      nameResponse(response, requestId);
      endWithError(response, fault.status, fault.code, fault.message, closing);
    } else if (request.url === '*') {
      nameResponse(response, requestId);
      response.writeHead(204, { Allow: methods }).end();
    } else listener(request, response, requestId);
  });
  const server = createServer(
    {
      maxHeaderSize: headerBytesMax,
      // A request without Host, or with two, is refused here: two become one value that is not valid.
      requireHostHeader: false,
      joinDuplicateHeaders: true,
      ...options,
    },
    (request, response) => {
      if (!isSearch(request.url ?? '')) toOriginForm(request);
      answer(request, response);
    },
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

/** Whoever gets the head of a request wrong may mean something else by its end, too. */
const closing = { Connection: 'close' };

const unnamed: Watched = (listener) => (request, response) => listener(request, response, undefined);
