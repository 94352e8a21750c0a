// What `/events` says, in the columns of a segment; and segments that earlier versions of Marquee made.

import { readFile } from 'node:fs/promises';
import { crc32, gunzipSync } from 'node:zlib';
import test from 'ava';
import type { DetailedEvent } from '#/domain/event.ts';
import { sortKey } from '#/kit/words.ts';
import { createIdIndex } from '#/search/by-id/id-index.ts';
import {
  isListed,
  isOffline,
  none,
  saleFromOf,
  saleToOf,
  soldOutOf,
  sourceOf,
  type Details,
} from '#/snapshot/details.ts';
import { encodeSegment } from '#/snapshot/encode.ts';
import { splitOf } from '#/snapshot/layers.ts';
import { statusAt } from '#/snapshot/statuses.ts';
import { decodeSegment, isCurrentSegment } from '#/snapshot/segment.ts';
import { randomEvents, truthOf, everything, answerOf, viewOf } from '../_support/catalogue.ts';
import { randomOf, seededFor } from '../_support/random.ts';
import { calendarOf } from '#/search/calendar/calendar.ts';
import { editionOf } from '#/search/events/edition.ts';
import { parseListQuery } from '#/http/events/query.ts';
import type { ListQuery } from '#/search/events/query.ts';
import { createView } from '#/search/view.ts';

const year = { from: Date.UTC(2021, 0, 1), to: Date.UTC(2021, 11, 31) };

const clockOf = (seconds: number): string | null =>
  Number.isNaN(seconds) ? null : new Date(seconds * 1000).toISOString().slice(0, 19);

const { filter: all, order } = parseListQuery('') as ListQuery;

function told(details: Details, place: number): Partial<DetailedEvent> {
  const traits = details.traits[place]!;
  const key = details.keys.subarray(details.keysAt[place], details.keysAt[place + 1]);
  const [baseId, planId] = [key.subarray(0, key.indexOf(0)), key.subarray(key.indexOf(0) + 1)].map(
    (part) => JSON.parse(`"${part.toString()}"`) as string,
  );
  const numberAt = (column: Uint32Array): number | null => (column[place] === none ? null : column[place]!);
  return {
    ...details.sources[sourceOf(traits)],
    baseId: baseId!,
    planId: planId!,
    sellMode: isOffline(traits) ? 'offline' : 'online',
    sellFrom: clockOf(saleFromOf(details, place)),
    sellTo: clockOf(saleToOf(details, place)),
    soldOut: soldOutOf(traits),
    capacity: numberAt(details.capacities),
    listed: isListed(traits),
    status: statusAt(details, place),
    changedAt: details.changedAt![place]! * 1000,
    minPrice: numberAt(details.minPrices),
    maxPrice: numberAt(details.maxPrices),
  };
}

test('the details of each event survive encoding and decoding', (t) => {
  const random = seededFor(t);
  for (let round = 0; round < 20; round++) {
    const events = randomEvents(random, { events: random.int(1, 400), longShare: 0.2, ...year });
    const { details } = decodeSegment(encodeSegment(events));
    const byPlace = Array.from(splitOf(events).ordinals, (ordinal) => events[ordinal]!);
    for (const [place, event] of byPlace.entries()) t.like(event, told(details!, place));
    const ids = Array.from(details!.byId, (place) => byPlace[place]!.id);
    t.deepEqual(ids, events.map(({ id }) => id).toSorted());
    const titles = [...new Set(events.map(({ title }) => title))].toSorted((a, b) =>
      sortKey(a) < sortKey(b) ? -1 : 1,
    );
    t.deepEqual(
      Array.from(details!.titleAt, (place) => byPlace[place]!.title),
      titles,
    );
    for (const [place, { title }] of byPlace.entries()) t.is(titles[details!.titleRanks[place]!], title);
  }
});

test('a segment of an earlier version of Marquee is searched as before, and has no details', async (t) => {
  const bytes = gunzipSync(await readFile(new URL('fixtures/segment-without-details.gz', import.meta.url)));
  const segment = decodeSegment(bytes);
  t.is(segment.details, null);
  t.is(segment.events, 40);
  const view = createView(1, new Map([['old', segment]]));
  const texts = JSON.parse(answerOf(view, everything)) as { data: { events: object[] } };
  t.is(texts.data.events.length, 40);
});

test('in a segment from before there was a status, every event is scheduled, and when it changed is not known', async (t) => {
  const bytes = gunzipSync(await readFile(new URL('fixtures/segment-without-status.gz', import.meta.url)));
  t.false(isCurrentSegment(bytes), 'a publisher builds it again');
  const segment = decodeSegment(bytes);
  const { details } = segment;
  t.is(details!.changedAt, null);
  t.is(details!.statuses, null);
  t.is(statusAt(details!, 0), 'scheduled');
  const view = createView(1, new Map([['old', segment]]));
  const text = calendarOf(editionOf(view)!, { filter: all, order }, () => 40).toString();
  t.notRegex(text, /STATUS|LAST-MODIFIED/);
  t.is(text.match(/^DTSTAMP:/gm)!.length, 40);
});

test('a segment whose events are all scheduled has no statuses', (t) => {
  const scheduled = randomEvents(randomOf(7), { events: 40, ...year }).map((event): DetailedEvent => ({
    ...event,
    status: 'scheduled',
  }));
  t.is(decodeSegment(encodeSegment(scheduled)).details!.statuses, null);
  const cancelled = scheduled.with(7, { ...scheduled[7]!, status: 'cancelled' });
  const bytes = encodeSegment(cancelled);
  const { statuses } = decodeSegment(bytes).details!;
  t.is(statuses!.length, 40);
  const damaged = Uint8Array.from(bytes);
  damaged[statuses!.byteOffset] = 5;
  t.throws(() => decodeSegment(summed(damaged)), { message: 'Got status 5, expected at most 4.' });
  t.deepEqual(
    answerOf(createView(1, new Map([['a', decodeSegment(bytes)]])), everything),
    truthOf(scheduled, everything),
    'a search does not know the status',
  );
});

test('an earlier version of Marquee reads the segments of this one: to it, details are unknown sections', (t) => {
  const events = randomEvents(randomOf(7), { events: 40, ...year });
  const bytes = Uint8Array.from(encodeSegment(events));
  const view = new DataView(bytes.buffer);
  t.is(view.getUint32(4, true), 3, 'the format is the same');
  const sections = view.getUint32(16, true);
  t.true(sections <= 64, 'an earlier version refuses more');
  const ids = Array.from({ length: sections }, (_, i) => view.getUint32(24 + i * 16, true));
  t.deepEqual(
    ids.slice(0, 17),
    Array.from({ length: 17 }, (_, i) => i + 1),
  );
  t.is(
    answerOf(createView(1, new Map([['new', decodeSegment(bytes)]])), everything),
    truthOf(events, everything),
  );
});

test('damaged details are refused, although the checksum is correct', (t) => {
  const events = randomEvents(randomOf(7), { events: 100, longShare: 0.2, ...year });
  const { details } = decodeSegment(encodeSegment(events));
  for (const column of ['traits', 'byId', 'titleRanks', 'titleAt'] as const) {
    const bytes = encodeSegment(events);
    const own = details![column];
    const at = own.byteOffset;
    new DataView(bytes.buffer).setUint32(at, 0x7fff, true);
    t.throws(() => decodeSegment(summed(bytes)), {
      message: /^Got (source|place|title) \d+, expected one of /,
    });
  }
});

function summed(bytes: Uint8Array): Uint8Array {
  new DataView(bytes.buffer).setUint32(20, crc32(bytes.subarray(24)), true);
  return bytes;
}

test('details and the index of ids take at most 60 bytes of memory per event, and one more for statuses', async (t) => {
  const count = 20_000;
  const events = randomEvents(randomOf(1), { events: count, ...year, longShare: 0.02 });
  const view = viewOf(events.map((event): DetailedEvent => ({ ...event, status: 'scheduled' })));
  const index = createIdIndex(() => view);
  await index.move();
  const bytes = view.segments
    .flatMap(({ details }) => Object.values(details ?? {}) as unknown[])
    .reduce<number>((sum, part) => sum + (ArrayBuffer.isView(part) ? part.byteLength : 0), 0);
  t.log(`${bytes / count} bytes of details and ${index.bytes / count} of the index per event`);
  t.true(bytes / count > 30, 'the columns are counted');
  t.true((bytes + index.bytes) / count <= 60);
  const statuses = viewOf(events).segments.reduce(
    (sum, { details }) => sum + (details?.statuses?.length ?? 0),
    0,
  );
  t.is(statuses, count);
});
