// The results of the hosts suite, compared with their targets.

import type { Outcome } from '../kit/bench.ts';
import { megabytes, shortNumber, verdict } from '../kit/table.ts';
import type { Delay } from './workers.ts';

/** The propagation of one changed event. */
export interface Change {
  /** From the last byte of the feed until the last client and until the first client read the change. */
  readonly seenMs: number;
  readonly firstSeenMs: number;
  readonly versions: number;
  /** New segments in the manifest. */
  readonly segments: number;
  readonly segmentBytes: number;
  readonly redisBytesIn: number;
  readonly redisBytesOut: number;
  /** Delays of each worker's event loop, from the end of the feed until a second after the last client read the change. */
  readonly delays: readonly { readonly wall: Delay; readonly cpu: Delay }[];
}

export interface Started {
  /** From the start of the first process until every worker serves all events. */
  readonly servedMs: number;
  readonly rssBytes: readonly number[];
}

export interface CatalogueFigures {
  readonly events: number;
  readonly feedBytes: number;
  readonly load: { readonly readMs: number; readonly searchableMs: number };
  readonly changes: readonly Change[];
  /** The number of leaderships: more than one when the host was too busy to renew its lease. */
  readonly terms: number;
  readonly segments: number;
  readonly segmentBytes: number;
  readonly redisMemoryBytes: number;
  readonly emptyRssBytes: readonly number[];
  readonly rssBytes: readonly number[];
  readonly fromRedis: Started;
  readonly fromDisk: Started;
}

/** Only for this many events is memory per event meaningful: below, that of the process itself dominates. */
const manyEvents = 1_000_000;

const targets = { seenMs: 500, delayMs: 10, bytesPerEvent: 500, segmentsPerChange: 1 };

export function outcomeOf(catalogues: readonly CatalogueFigures[]): Outcome {
  return {
    title: 'Hosts: one changed event in a large catalogue, 2 API workers, Redis on the same machine',
    columns: ['', 'median', 'most', 'target', ''],
    rows: catalogues.flatMap(rowsOf),
    failures: catalogues.flatMap(({ events, changes }) =>
      changes.some(({ versions }) => versions !== 1)
        ? [
            `${events} events: Got ${changes.map(({ versions }) => versions).join(', ')} versions for the changes, expected 1 each.`,
          ]
        : [],
    ),
    figures: { catalogues, targets },
  };
}

function rowsOf(figures: CatalogueFigures): string[][] {
  const { events, changes, segments, segmentBytes, rssBytes, emptyRssBytes, fromRedis, fromDisk } = figures;
  const delays = changes.flatMap((change) => change.delays);
  const perEvent = fromDisk.rssBytes.map((rss, i) => (rss - (emptyRssBytes[i] ?? 0)) / events);
  return [
    [`${events} events, ${segments} segments`],
    row('feed read completely', [figures.load.readMs], duration),
    row('first feed searchable', [figures.load.searchableMs], duration),
    row(
      'one change on every worker',
      changes.map(({ seenMs }) => seenMs),
      duration,
      targets.seenMs,
    ),
    row(
      'segments built for a change',
      changes.map((change) => change.segments),
      String,
      targets.segmentsPerChange,
    ),
    row(
      'bytes of these segments',
      changes.map((change) => change.segmentBytes),
      kilobytes,
    ),
    row('bytes through Redis for a change', changes.map(moved), kilobytes),
    row(
      'event loop p99, wall clock',
      delays.map(({ wall }) => wall.p99Ms),
      precise,
    ),
    row(
      'event loop p99, processor time',
      delays.map(({ cpu }) => cpu.p99Ms),
      precise,
      targets.delayMs,
    ),
    row(
      'longest turn, processor time',
      delays.map(({ cpu }) => cpu.maxMs),
      precise,
    ),
    row('segment bytes per event', [segmentBytes / events], bytes),
    row('memory of a worker', [...rssBytes], megabytes),
    row('memory of a worker after a restart', [...fromDisk.rssBytes], megabytes),
    row('the same, per event', perEvent, bytes, events < manyEvents ? undefined : targets.bytesPerEvent),
    row('memory of Redis', [figures.redisMemoryBytes], megabytes),
    row('start from Redis', [fromRedis.servedMs], duration),
    row('start from disk', [fromDisk.servedMs], duration),
  ];
}

function row(
  what: string,
  values: readonly number[],
  shown: (value: number) => string,
  most?: number,
): string[] {
  const sorted = values.toSorted((a, b) => a - b);
  const [median, highest] = [sorted[Math.floor(sorted.length / 2)] ?? 0, sorted.at(-1) ?? 0];
  const cells = [`  ${what}`, shown(median), values.length > 1 ? shown(highest) : ''];
  return most === undefined ? cells : [...cells, `at most ${shown(most)}`, verdict(median <= most)];
}

const moved = (change: Change): number => change.redisBytesIn + change.redisBytesOut;

const duration = (ms: number): string =>
  ms < 10_000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(1)} s`;
const precise = (ms: number): string => `${shortNumber(ms)} ms`;
const kilobytes = (count: number): string => `${shortNumber(count / 1000)} kB`;
const bytes = (count: number): string => `${count.toFixed(0)} B`;
