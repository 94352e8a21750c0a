// The public HTTP server: limits first, then /search, then Express for all else.

import {
  createServer,
  STATUS_CODES,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http';
import type { Duplex } from 'node:stream';
import { keepSocketShape } from '#/kit/shapes.ts';
import { nameResponse, type NamedListener } from '#/telemetry/request-id.ts';
import { isSearch } from '#/telemetry/requests.ts';
import { endWithError, envelopeOf, jsonType, refuseBusy } from './envelope.ts';
import type { Overload } from './overload.ts';
import type { SearchHandler } from './search-handler.ts';

const urlLengthMax = 2048;
const headerBytesMax = 16_384;
/** What Express gives costs as much as so many bytes of a search. */
const pageBytes = 200_000;
/** A client that takes nothing of its answer for so long has gone. */
const stalledMs = 30_000;

export interface ServerOptions {
  /** Beyond, the next connections are closed as they come. */
  readonly connectionsMax: number;
  readonly overload: Overload;
  /** Gives the listener back, with each request seen before and after it. */
  readonly watched?: (listener: NamedListener) => RequestListener;
}

export function createApiServer(
  search: SearchHandler,
  app: RequestListener,
  { connectionsMax, overload, watched = unnamed }: ServerOptions,
): Server {
  const server = createServer(
    {
      maxHeaderSize: headerBytesMax,
      headersTimeout: 10_000,
      requestTimeout: 15_000,
      // How often those two are looked at; node would do so twice a minute.
      connectionsCheckingInterval: 1000,
      keepAliveTimeout: 65_000,
      noDelay: true,
    },
    watched((request, response, requestId) => {
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
    }),
  );
  server.maxRequestsPerSocket = 0;
  server.timeout = stalledMs;
  server.maxConnections = connectionsMax;
  // Else the connection would go back to the supervisor, which would offer it again and again.
  Object.assign(server, { dropMaxConnection: true });
  server.on('clientError', refuseMalformed);
  server.on('connection', keepSocketShape);
  return server;
}

const unnamed =
  (listener: NamedListener): RequestListener =>
  (request, response) =>
    listener(request, response, undefined);

interface ParseError extends NodeJS.ErrnoException {
  readonly rawPacket?: Buffer;
}

/** What is not even HTTP still gets the envelope, where the socket can take it. */
function refuseMalformed(error: ParseError, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, code, message] = reasonOf(error);
  const body = envelopeOf(code, message);
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: ${jsonType}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

function reasonOf(error: ParseError): [status: number, code: string, message: string] {
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return [408, 'request_timeout', 'The request did not arrive in time.'];
  if (error.code !== 'HPE_HEADER_OVERFLOW')
    return [400, 'bad_request', 'Got bytes that are no HTTP request.'];
  // The head that overflowed is in hand only in part: without the end of its first line, it was the URL.
  const firstLine = error.rawPacket?.indexOf('\r\n') ?? -1;
  if (firstLine < 0 || firstLine > urlLengthMax)
    return [414, 'uri_too_long', `Got a URL of more than ${urlLengthMax} characters.`];
  return [431, 'headers_too_large', `Got headers of more than ${headerBytesMax} bytes.`];
}

/** Path without the query, for routing and messages. */
export const pathOf = (request: IncomingMessage): string => (request.url ?? '/').split('?', 1)[0] ?? '/';
