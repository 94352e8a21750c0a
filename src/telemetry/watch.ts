// Watches each request of an API worker: its name, its time, whether it is logged or traced. On this path every call
// counts: an ordinary request costs two looks at the clock, a random number and some additions.

// By import: the global of this name is looked up at each call.
import { performance } from 'node:perf_hooks';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { AccessLog } from './access-log.ts';
import { createIdentify, type NamedListener } from './request-id.ts';
import { isSearch, routes, type RequestMeter } from './requests.ts';

/**
 * Gives the id of the trace that a request became part of; null when it is not traced. `chance`, from 0 to below 1, was drawn for
 * this request, to be compared with a share.
 */
export type TraceRequest = (
  request: IncomingMessage,
  response: ServerResponse,
  route: string,
  begunAt: number,
  seconds: number,
  chance: number,
) => string | null;

export interface WatchDeps {
  readonly meter: RequestMeter;
  readonly accessLog: AccessLog;
  /** Share of the ordinary requests that are logged, 0 to 1. */
  readonly logShare: number;
  /** From here on a request is slow: it is logged whatever the sampling says, as failed ones are. */
  readonly slowMs: number;
  /** Null when nothing is traced. */
  readonly trace: TraceRequest | null;
  /** Of the catalogue that is served. */
  readonly version: () => number;
}

const other = routes.indexOf('other');

export function watchRequests(
  listener: NamedListener,
  { meter, accessLog, logShare, slowMs, trace, version }: WatchDeps,
): RequestListener {
  const identify = createIdentify();

  function ended(
    request: IncomingMessage,
    response: ServerResponse,
    route: number,
    begunAt: number,
    requestId: string,
  ): void {
    const seconds = (performance.now() - begunAt) / 1000;
    const status = response.statusCode;
    // The same for both: of those that are traced, the line is there too, as far as the shares go.
    const chance = Math.random();
    const traceId =
      trace === null ? null : trace(request, response, routes[route] ?? 'other', begunAt, seconds, chance);
    meter.count(route, status, seconds, traceId);
    const isOrdinary = status < 400 && seconds * 1000 <= slowMs;
    if (!isOrdinary || chance < logShare) {
      const { method = '', url = '' } = request;
      accessLog({ method, url, status, seconds, requestId, traceId, version: version(), isOrdinary });
    }
  }

  return (request, response) => {
    const begunAt = performance.now();
    const requestId = identify(request.headers['x-request-id']);
    const route = routeOf(request.url ?? '/');
    listener(request, response, requestId);
    if (response.writableEnded) ended(request, response, route, begunAt, requestId);
    else endLater(request, response, route, begunAt, requestId);
  };

  /** By itself: where a function is made, all that it may need is copied first, for each request. */
  function endLater(...args: Parameters<typeof ended>): void {
    args[1].once('close', () => ended(...args));
  }
}

/** An index into `routes`. */
function routeOf(url: string): number {
  if (isSearch(url)) return 0;
  if (url.startsWith('/openapi.json')) return 1;
  return url.startsWith('/docs') ? 2 : other;
}
