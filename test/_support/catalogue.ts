// Catalogues without an archive: random events, partitioned and encoded as by the publisher, and their expected answers.

import { dayOf } from '#/domain/time/calendar.ts';
import type { CatalogueEvent, DetailedEvent, EventDetails } from '#/domain/event.ts';
import type { Range } from '#/domain/range.ts';
import { answer } from '#/search/answer.ts';
import { search } from '#/search/search.ts';
import { createView, type View } from '#/search/view.ts';
import { buildSegment, type BuiltSegment } from '#/snapshot/build.thread.ts';
import type { Manifest } from '#/snapshot/manifest.ts';
import { partition } from '#/snapshot/partition.ts';
import { writeSections, type Section } from '#/snapshot/sections.ts';
import { decodeSegment } from '#/snapshot/segment.ts';
import type { SnapshotStore } from '#/store/store.ts';
import { uuid } from './oracle.ts';
import type { Random } from './random.ts';

export interface CatalogueShape {
  readonly events: number;
  /** The range of the starts, in milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  /** The number of events that run for days or weeks. */
  readonly longShare?: number;
  /** Starts are multiples of this, so that many are equal. */
  readonly stepMs?: number;
}

const dayMs = 86_400_000;

/** Sorted by (start, id). */
export function randomEvents(random: Random, shape: CatalogueShape): DetailedEvent[] {
  const { events, from, to, longShare = 0.05, stepMs = 60_000 } = shape;
  const list = Array.from({ length: events }, (_, i): DetailedEvent => {
    const start = Math.floor((from + random.fraction() * (to - from)) / stepMs) * stepMs;
    const length = random.chance(longShare)
      ? random.int(1, 60) * dayMs
      : random.pick([0, 1, 60, 90, 240]) * 60_000;
    const prices = random.pick([null, random.int(0, 100_000)]);
    return {
      id: uuid([String(i), String(random.int(0, 2 ** 30))]),
      title: random.pick(['The Night Tram', 'Zoë & l’été', '"Quoted" \\ back', '🎭\u2028', '']),
      startLocal: localOf(start),
      endLocal: localOf(start + length),
      start,
      end: start + length,
      minPrice: prices,
      maxPrice: prices === null ? null : prices + random.int(0, 5000),
      ...randomDetails(random, i),
    };
  });
  return list.toSorted(byStartThenId);
}

/** The details of an event of which a feed says nothing unusual. */
export const plainDetails: EventDetails = {
  provider: 'test',
  timeZone: 'UTC',
  baseId: '1',
  planId: '1',
  sellMode: 'online',
  sellFrom: null,
  sellTo: null,
  soldOut: false,
  status: 'scheduled',
  capacity: 100,
  listed: true,
  changedAt: Date.UTC(2021, 0, 1),
};

const clocks = ['0000-01-01T00:00:00', '1969-12-31T23:59:59', '2021-06-30T12:34:56', '9999-12-31T23:59:59'];

const randomDetails = (random: Random, i: number): EventDetails => ({
  ...random.pick([
    { provider: 'fever', timeZone: 'Europe/Madrid' },
    { provider: 'stage "door"', timeZone: 'UTC' },
    { provider: 'zoë', timeZone: 'America/New_York' },
  ]),
  baseId: String(Math.floor(i / 3)),
  planId: random.pick([String(i), `"${i}"`, `ü\u0000${i}`]),
  sellMode: random.pick(['online', 'online', 'offline']),
  sellFrom: random.pick([null, ...clocks]),
  sellTo: random.pick([null, ...clocks]),
  soldOut: random.pick([null, true, false]),
  capacity: random.pick([null, 0, 1, 250, 4_294_967_294]),
  listed: random.chance(0.8),
  status: random.pick(['scheduled', 'scheduled', 'cancelled', 'postponed', 'rescheduled', null]),
  changedAt: Date.UTC(2020, 0, 1) + random.int(0, 1_000_000) * 1000,
});

/** The UTC wall clock of an instant, for years of four digits. */
const localOf = (instant: number): string => new Date(instant).toISOString().slice(-24, -5).padStart(19, '0');

const byStartThenId = (a: CatalogueEvent, b: CatalogueEvent): number =>
  a.start - b.start || (a.id < b.id ? -1 : Number(a.id > b.id));

/** The segments of `events`, in order of time; `eventsMax` as in `partition`. */
export function buildAll(events: readonly DetailedEvent[], eventsMax?: number): BuiltSegment[] {
  const sorted = events.toSorted(byStartThenId);
  const days = Map.groupBy(sorted, ({ start }) => dayOf(start));
  const counts = new Map(Array.from(days, ([day, list]) => [day, list.length]));
  return partition(counts, eventsMax).map(({ key, fromDay, toDay }) =>
    buildSegment(
      key,
      sorted.filter(({ start }) => dayOf(start) >= fromDay && dayOf(start) < toDay),
    ),
  );
}

export function viewOf(events: readonly DetailedEvent[], eventsMax?: number): View {
  const built = buildAll(events, eventsMax);
  return createView(1, new Map(built.map(({ entry, bytes }) => [entry.hash, decodeSegment(bytes)])));
}

/** Publishes `events` as the next version, without an archive. */
export async function publishAll(
  store: SnapshotStore,
  version: number,
  events: readonly DetailedEvent[],
  eventsMax?: number,
): Promise<Manifest> {
  const built = buildAll(events, eventsMax);
  for (const { entry, bytes } of built) await store.putSegment(entry.hash, bytes);
  const manifest = { version, segments: built.map(({ entry }) => entry) };
  await store.publish(manifest);
  return manifest;
}

export const answerOf = (view: View, range: Range): string =>
  Buffer.concat(answer(search(view, range)).parts).toString();

/** The expected result of `answerOf`: a filter, a sort and a stringify. */
export function truthOf(events: readonly CatalogueEvent[], { start, end }: Range): string {
  const found = events.filter((event) => event.start >= start && event.end <= end).toSorted(byStartThenId);
  return JSON.stringify({ data: { events: found.map(shown) }, error: null });
}

const major = (minor: number | null): number | null => (minor === null ? null : minor / 100);

/** The event as a search returns it. */
export const shown = (event: CatalogueEvent): object => ({
  id: event.id,
  title: event.title,
  start_date: event.startLocal.slice(0, 10),
  start_time: event.startLocal.slice(11),
  end_date: event.endLocal.slice(0, 10),
  end_time: event.endLocal.slice(11),
  min_price: major(event.minPrice),
  max_price: major(event.maxPrice),
});

export const everything: Range = { start: -Infinity, end: Infinity };

/** The bytes of a segment as an earlier version of Marquee encodes them: without the sections from 18 on. */
export function withoutDetails(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const field = (at: number): number => view.getUint32(at, true);
  const entries = Array.from({ length: field(16) }, (_, i) => 24 + i * 16);
  const sections = entries
    .filter((at) => field(at) < 18)
    .map((at): Section => [field(at), bytes.subarray(field(at + 4), field(at + 4) + field(at + 8))]);
  return writeSections(field(8), field(12), sections);
}
