// The request metrics of an API worker: plain numbers, which cost a few nanoseconds each, converted when they are read.

import { requestMetrics } from './metrics.ts';
import type { Exemplar, Family, Reading, Sample } from './reading.ts';
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

/** Whether the path ends here. */
const isEndAt = (url: string, at: number): boolean => url.length === at || url[at] === '?';

/** `busy`: refused with 503 because of too much to do, which is not a fault. */
const classes = ['2xx', '3xx', '4xx', '5xx', 'busy'] as const;
export const busyClass = 600;
const bounds = Float64Array.from(requestMetrics.duration.buckets);
const encodings = ['identity', 'gzip'] as const;
const sizeBounds = Float64Array.from(requestMetrics.answerBytes.buckets);

export interface RequestMeter {
  /** `route`: an index into `routes`. `traceId` of a request that is traced. */
  count(route: number, status: number, seconds: number, traceId: string | null): void;
  /** A request was read; `count` follows when it has been answered. */
  begun(): void;
  /** A search was answered with a body of this many bytes. */
  sized(bytes: number, isGzipped: boolean): void;
  cacheLooked(hit: boolean): void;
  read(): Reading;
}

export function createRequestMeter(now: () => number): RequestMeter {
  const width = bounds.length + 1;
  const answered = new Float64Array(routes.length * classes.length);
  const buckets = new Float64Array(routes.length * width);
  const sums = new Float64Array(routes.length);
  const exemplars: (Exemplar | null)[] = Array.from(buckets, () => null);
  const cache = { hit: 0, miss: 0 };
  let inFlight = 0;
  const sizeWidth = sizeBounds.length + 1;
  const sizes = new Float64Array(encodings.length * sizeWidth);
  const sizeSums = new Float64Array(encodings.length);

  const durations = (route: string, at: number): Sample[] =>
    histogramOf(
      requestMetrics.duration.name,
      { route },
      bounds,
      buckets.subarray(at * width, (at + 1) * width),
      sums[at] as number,
      exemplars.slice(at * width, (at + 1) * width),
    );

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
    count(route, status, seconds, traceId) {
      inFlight--;
      const at = route * classes.length + Math.min(Math.max((status / 100) | 0, 2), 6) - 2;
      answered[at] = (answered[at] as number) + 1;
      sums[route] = (sums[route] as number) + seconds;
      // A linear search: most requests fall into one of the first buckets.
      let bucket = 0;
      while (bucket < bounds.length && seconds > (bounds[bucket] as number)) bucket++;
      bucket += route * width;
      buckets[bucket] = (buckets[bucket] as number) + 1;
      if (traceId !== null)
        exemplars[bucket] = { labelSet: { trace_id: traceId }, value: seconds, timestamp: now() / 1000 };
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
            value: answered[r * classes.length + c] as number,
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
    ],
  };
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
