// Observes each request of an API worker: its id, duration, access log line and trace. This path is performance-critical: an
// ordinary request costs two reads of the clock, one random number and a few additions.

// Imported: the global `performance` would be looked up at each call.
import { performance } from 'node:perf_hooks';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { AccessLog } from './access-log.ts';
import { createIdentify, type NamedListener } from './request-id.ts';
import { wasRefused } from '#/kit/refused.ts';
import { eventRouteOf, eventRoutes, isEvent } from './routing/single-events.ts';
import { isStream } from './live/stream.ts';
import { busyClass, isChanges, isEvents, isRpde, isSearch, routes, type RequestMeter } from './requests.ts';

/**
 * Traces a request. Returns the id of its trace; null when it is not traced. `chance` is a random number from 0 to below 1, drawn
 * for this request, to compare with a share.
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
  /** The share of ordinary requests that are logged, 0 to 1. */
  readonly logShare: number;
  /** A request that takes longer is slow: it is always logged, like failed ones. */
  readonly slowMs: number;
  /** Null when nothing is traced. */
  readonly trace: TraceRequest | null;
  /** The version of the catalogue that is served. */
  readonly version: () => number;
}

const other = routes.indexOf('other');
const events = routes.indexOf('/events');
const histogram = routes.indexOf('/events/histogram');
const calendar = routes.indexOf('/events.ics');
const single = routes.indexOf(eventRoutes[0]);
const changes = routes.indexOf('/changes');
const rpde = routes.indexOf('/rpde/events');

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
    // Traces and log lines use the same number, so that they sample the same requests.
    const chance = Math.random();
    const traceId =
      trace === null ? null : trace(request, response, routes[route] ?? 'other', begunAt, seconds, chance);
    const counted = status === 503 && wasRefused(response) ? busyClass : status;
    meter.count(route, request.method, counted, seconds, traceId);
    const isOrdinary = status < 400 && seconds * 1000 <= slowMs;
    if (!isOrdinary || chance < logShare) {
      const { method = '', url = '' } = request;
      accessLog({ method, url, status, seconds, requestId, traceId, version: version(), isOrdinary });
    }
  }

  return (request, response) => {
    const begunAt = performance.now();
    meter.begun();
    const requestId = identify(request.headers['x-request-id']);
    const route = routeOf(request.url ?? '/');
    listener(request, response, requestId);
    if (response.writableEnded) ended(request, response, route, begunAt, requestId);
    else endLater(request, response, route, begunAt, requestId);
  };

  /** A separate function: a closure in the caller would make V8 allocate a context for each request. */
  function endLater(...[request, response, route, begunAt, id]: Parameters<typeof ended>): void {
    // A listener stays for hours: that is not how long its answer took.
    const since = (): number => (isStream(response) ? performance.now() : begunAt);
    response.once('close', () => ended(request, response, route, since(), id));
  }
}

/** An index into `routes`. */
function routeOf(url: string): number {
  if (isSearch(url)) return 0;
  if (url.startsWith('/events.ics') && isEvents(url)) return calendar;
  if (isEvents(url)) return url.startsWith('/events/') ? histogram : events;
  if (isEvent(url)) return single + eventRouteOf(url);
  if (isChanges(url)) return changes;
  if (isRpde(url)) return rpde;
  if (url.startsWith('/openapi.json')) return 1;
  return url.startsWith('/docs') ? 2 : other;
}
