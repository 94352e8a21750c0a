// The request metrics of an API worker: plain numbers, which cost a few nanoseconds each, converted when they are read.

import { requestMetrics } from './metrics.ts';
import type { Exemplar, Family, Reading, Sample } from './reading.ts';
import { createAnswerRows, rowsMax, statusMax, type AnswerRow } from './routing/answer-rows.ts';
import { eventRoutes } from './routing/single-events.ts';

/** The values of the label `route`: other paths that clients send count as `other`. */
export const routes = [
  '/search',
  '/openapi.json',
  '/docs',
  '/events',
  '/events/histogram',
  '/events.ics',
  ...eventRoutes,
  '/changes',
  '/rpde/events',
  'other',
] as const;

/** Whether the search handler answers the URL; Express answers all others. */
export const isSearch = (url: string): boolean =>
  url.startsWith('/search') && (url.length === 7 || url[7] === '?');

/** The same for the handler of events. */
export const isEvents = (url: string): boolean =>
  url.startsWith('/events') &&
  (isEndAt(url, 7) ||
    (url.startsWith('/histogram', 7) && isEndAt(url, 17)) ||
    (url.startsWith('.ics', 7) && isEndAt(url, 11)));

export const isChanges = (url: string): boolean => url.startsWith('/changes') && isEndAt(url, 8);

export const isRpde = (url: string): boolean => url.startsWith('/rpde/events') && isEndAt(url, 12);

/** Whether the path ends here. */
const isEndAt = (url: string, at: number): boolean => url.length === at || url[at] === '?';

/** `busy`: refused with 503 because of too much to do, which is not a fault. */
const classes = ['2xx', '3xx', '4xx', '5xx', 'busy'] as const;
export const busyClass = statusMax;
const bounds = Float64Array.from(requestMetrics.duration.buckets);
const encodings = ['identity', 'gzip'] as const;
const sizeBounds = Float64Array.from(requestMetrics.answerBytes.buckets);

export interface RequestMeter {
  /** `route`: an index into `routes`. `traceId` of a request that is traced. */
  count(
    route: number,
    method: string | undefined,
    status: number,
    seconds: number,
    traceId: string | null,
  ): void;
  /** A request was read; `count` follows when it has been answered. */
  begun(): void;
  /** A search was answered with a body of this many bytes. */
  sized(bytes: number, isGzipped: boolean): void;
  cacheLooked(hit: boolean): void;
  read(): Reading;
}

/** `byAnswer`: also read durations by route, method and status, for OTLP. */
export function createRequestMeter(now: () => number, byAnswer = false): RequestMeter {
  const width = bounds.length + 1;
  const { rows, rowOf } = createAnswerRows(routes.length);
  const buckets = new Float64Array(rowsMax(routes.length) * width);
  const sums = new Float64Array(rowsMax(routes.length));
  const exemplars: (Exemplar | null)[] = Array.from({ length: routes.length * width }, () => null);
  const cache = { hit: 0, miss: 0 };
  let inFlight = 0;
  const sizeWidth = sizeBounds.length + 1;
  const sizes = new Float64Array(encodings.length * sizeWidth);
  const sizeSums = new Float64Array(encodings.length);

  const bucketsOf = (row: number): Float64Array => buckets.subarray(row * width, (row + 1) * width);

  function durations(route: string, at: number): Sample[] {
    const counts = new Float64Array(width);
    let seconds = 0;
    for (const [row, answer] of rows.entries()) {
      if (answer.route !== at) continue;
      for (const [bucket, count] of bucketsOf(row).entries())
        counts[bucket] = (counts[bucket] as number) + count;
      seconds += sums[row] as number;
    }
    const own = exemplars.slice(at * width, (at + 1) * width);
    return histogramOf(requestMetrics.duration.name, { route }, bounds, counts, seconds, own);
  }

  function answered(route: number, status: number): number {
    let sum = 0;
    for (const [row, answer] of rows.entries())
      if (answer.route === route && classOf(answer.status) === status)
        sum += bucketsOf(row).reduce((a, b) => a + b, 0);
    return sum;
  }

  return {
    begun() {
      inFlight++;
    },
    sized(bytes, isGzipped) {
      const at = isGzipped ? 1 : 0;
      let bucket = 0;
      while (bucket < sizeBounds.length && bytes > (sizeBounds[bucket] as number)) bucket++;
      bucket += at * sizeWidth;
      sizes[bucket] = (sizes[bucket] as number) + 1;
      sizeSums[at] = (sizeSums[at] as number) + bytes;
    },
    count(route, method, status, seconds, traceId) {
      inFlight--;
      const row = rowOf(route, method, status);
      sums[row] = (sums[row] as number) + seconds;
      // A linear search: most requests fall into one of the first buckets.
      let bucket = 0;
      while (bucket < bounds.length && seconds > (bounds[bucket] as number)) bucket++;
      const cell = row * width + bucket;
      buckets[cell] = (buckets[cell] as number) + 1;
      if (traceId !== null)
        exemplars[route * width + bucket] = {
          labelSet: { trace_id: traceId },
          value: seconds,
          timestamp: now() / 1000,
        };
    },
    cacheLooked(hit) {
      if (hit) cache.hit++;
      else cache.miss++;
    },
    read: () => [
      familyOf(
        requestMetrics.requests,
        routes.flatMap((route, r) =>
          classes.map((status, c) => ({
            labels: { route, status },
            value: answered(r, c),
          })),
        ),
      ),
      familyOf(requestMetrics.duration, routes.flatMap(durations)),
      familyOf(requestMetrics.inFlight, [{ labels: {}, value: inFlight }]),
      familyOf(
        requestMetrics.answerBytes,
        encodings.flatMap((encoding, at) => {
          const counts = sizes.subarray(at * sizeWidth, (at + 1) * sizeWidth);
          return histogramOf(
            requestMetrics.answerBytes.name,
            { encoding },
            sizeBounds,
            counts,
            sizeSums[at] as number,
          );
        }),
      ),
      familyOf(
        requestMetrics.cacheRequests,
        Object.entries(cache).map(([outcome, value]) => ({ labels: { outcome }, value })),
      ),
      ...(byAnswer ? [durationsByAnswer(rows, bucketsOf, sums)] : []),
    ],
  };
}

/** An index into `classes`. */
const classOf = (status: number): number => Math.min(Math.max(Math.trunc(status / 100), 2), 6) - 2;

/** By the semantic conventions for HTTP: only OTLP exports it. */
const answerDuration = {
  name: 'http.server.request.duration',
  help: 'Duration of HTTP server requests.',
} as const;

/** The labels are the attributes of the semantic conventions for HTTP servers. */
function durationsByAnswer(
  rows: readonly AnswerRow[],
  bucketsOf: (row: number) => Float64Array,
  sums: Float64Array,
): Family {
  const { name, help } = answerDuration;
  const values = rows.flatMap(({ route, method, status }, row) => {
    const isBusy = status === busyClass;
    const path = routes[route] as string;
    const labels = {
      'http.request.method': method,
      ...(path === 'other' ? {} : { 'http.route': path }),
      'http.response.status_code': isBusy ? 503 : status,
      ...(isBusy ? { 'error.type': 'busy' } : status >= 500 ? { 'error.type': String(status) } : {}),
    };
    return histogramOf(name, labels, bounds, bucketsOf(row), sums[row] as number);
  });
  return { name, type: 'histogram', help, values };
}

const familyOf = (
  { name, type, help }: Pick<Family, 'name' | 'type' | 'help'>,
  values: readonly Sample[],
): Family => ({ name, type, help, values });

/** The samples of one histogram. `counts`: of each bucket alone, the last of which has no bound. */
function histogramOf(
  name: string,
  labels: Sample['labels'],
  upTo: Float64Array,
  counts: Float64Array,
  sum: number,
  exemplars: readonly (Exemplar | null)[] = [],
): Sample[] {
  let below = 0;
  const samples: Sample[] = [];
  for (const [bucket, count] of counts.entries()) {
    below += count;
    samples.push({
      metricName: `${name}_bucket`,
      labels: { ...labels, le: upTo[bucket] ?? '+Inf' },
      value: below,
      exemplar: exemplars[bucket] ?? null,
    });
  }
  samples.push(
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: below },
  );
  return samples;
}
