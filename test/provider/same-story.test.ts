// Random events, valid and with faults, written in every format: each format gives the same events, or refuses them with the
// same code. `SEED=… npx ava test/provider/same-story.test.ts` repeats a run.

import test from 'ava';
import { zonesIn } from '#/domain/zones.ts';
import { formatNames, type FormatName } from '#/provider/provider.ts';
import { mappingEntry } from '#/provider/mapping-entry.ts';
import { escaped } from '../_support/feeds.ts';
import { isLong } from '../_support/long.ts';
import { seededFor, type Random } from '../_support/random.ts';
import { readFeed } from './_read-feed.ts';

interface Told {
  readonly id: string;
  readonly title: string | null;
  readonly online: boolean;
  readonly start: string;
  readonly end: string;
  readonly soldOut: boolean;
  readonly zones: readonly { readonly name: string; readonly capacity: number; readonly price: string }[];
}

const timeZone = 'Europe/Madrid';
const mapping = mappingEntry.parse({
  planId: 'id',
  baseId: 'id',
  title: 'title',
  sellMode: { path: 'on', values: { true: 'online', false: 'offline' } },
  start: 'start',
  end: 'end',
  soldOut: 'out',
  zones: [0, 1].map((i) => ({ name: `name${i}`, price: `price${i}`, capacity: `seats${i}` })),
});

function randomEvent(random: Random, id: number): Told {
  const two = (number: number): string => String(number).padStart(2, '0');
  const day = `20${random.int(20, 31)}-${two(random.int(1, 12))}-${two(random.int(1, 28))}`;
  const start = `${day}T${two(random.int(0, 23))}:${two(random.int(0, 59))}:00`;
  const soldOut = random.chance(0.2);
  return {
    id: `e${id}`,
    title: random.chance(0.05) ? null : random.pick(['Tram', 'é "quoted", & <b>', 'line\nend', ' 🎭 ']),
    online: random.chance(0.8),
    start: random.pick([start, start, start, `${day}T25:00:00`, `${day.slice(0, 5)}13-01T20:00:00`, 'soon']),
    end: random.pick([`${day}T23:59:59`, `${day}T23:59:59`, `${day}T00:00:00`]),
    soldOut,
    zones: Array.from({ length: random.int(1, 2) }, (_, i) => ({
      name: `Zone ${i}`,
      capacity: soldOut ? 0 : random.int(1, 500),
      price: random.pick(['20.00', '15.5', '7', '12,50', '1.234,50', '€5']),
    })),
  };
}

const quoted = (cell: unknown): string => `"${String(cell ?? '').replaceAll('"', '""')}"`;

function flat({ id, title, online, start, end, soldOut, zones }: Told): Record<string, unknown> {
  const seats = zones.flatMap(({ name, capacity, price }, i) => [
    [`name${i}`, name],
    [`price${i}`, price],
    [`seats${i}`, capacity],
  ]);
  return { id, title, on: online, start, end, out: soldOut, ...(Object.fromEntries(seats) as object) };
}

const writers: Record<FormatName, (events: readonly Told[]) => string> = {
  'plan-list-xml': (events) => xml(events, 'planList', 'plan'),
  'event-list-xml': (events) => xml(events, 'eventList', 'event'),
  ndjson: (events) =>
    events
      .map(({ online, ...event }) => {
        const zones = event.zones.map((zone, i) => ({ ...zone, zoneId: String(i + 1) }));
        const sellMode = online ? 'online' : 'offline';
        return `${JSON.stringify({ ...event, baseId: event.id, planId: event.id, sellMode, zones })}\n`;
      })
      .join(''),
  jsonld: (events) => JSON.stringify({ '@context': 'https://schema.org', '@graph': events.map(nodeOf) }),
  json: (events) => JSON.stringify(events.map(flat), null, 1),
  csv(events) {
    const columns = Object.keys(flat({ ...events[0]!, zones: [0, 1].map(() => events[0]!.zones[0]!) }));
    const rows = events.map((event) => columns.map((name) => quoted(flat(event)[name])).join(','));
    return `${[columns.join(','), ...rows].join('\r\n')}\r\n`;
  },
  rpde: (events) =>
    JSON.stringify({
      items: events.map((event, i) => {
        const about = { kind: 'Event', id: `item ${i}`, modified: i + 1 };
        return { state: 'updated', ...about, data: nodeOf(event) };
      }),
      next: 'https://provider.example/feed?afterChangeNumber=30',
    }),
};

const nodeOf = (event: Told): object => ({
  '@type': 'Event',
  '@id': event.id,
  name: event.title,
  startDate: event.start,
  endDate: event.end,
  eventStatus: event.online ? 'EventScheduled' : 'EventCancelled',
  offers: event.zones.map(({ name, capacity, price }) => ({
    '@type': 'Offer',
    name,
    price,
    inventoryLevel: { value: capacity },
    availability: event.soldOut ? 'https://schema.org/SoldOut' : 'https://schema.org/InStock',
  })),
});

function xml(events: readonly Told[], root: string, word: string): string {
  const bases = events.map(({ id, title, online, start, end, soldOut, zones }) => {
    const seats = zones.map(
      ({ name, capacity, price }, i) =>
        `<zone zone_id="${i + 1}" name="${name}" capacity="${capacity}" price="${escaped(price)}"/>`,
    );
    const named = title === null ? '' : ` title="${escaped(title)}"`;
    const dates = `${word}_start_date="${start}" ${word}_end_date="${end}"`;
    return `<base_${word} base_${word}_id="${id}" sell_mode="${online ? 'online' : 'offline'}"${named}><${word} ${word}_id="${id}" ${dates} sold_out="${soldOut}">${seats.join('')}</${word}></base_${word}>`;
  });
  return `<${root}><output>${bases.join('\n')}</output></${root}>`;
}

/** What a format reads of each event: its facts, or the code of its fault. */
function storyIn(format: FormatName, feed: string, chunkBytes: number): Record<string, unknown> {
  const { records, end } = readFeed(format, feed, { timeZone, mapping, chunkBytes });
  const story: Record<string, unknown> = { end };
  for (const { observations, faults } of records) {
    for (const { id, planId, facts, zonesText } of observations) {
      // XML has no status.
      const { zonesHash: _, ...rest } = { ...facts, status: null };
      // XML and lines have false for a seat that is not numbered; the others do not say.
      const seats = zonesIn(zonesText).map(({ numbered: _, ...zone }) => zone);
      story[planId] = { id, ...rest, seats };
    }
    for (const { refusal, planId, baseId } of faults) story[planId ?? baseId ?? '?'] = refusal.code;
  }
  return story;
}

test('the same events have the same facts, and the same faults, in every format', (t) => {
  const random = seededFor(t);
  for (let round = 0; round < (isLong ? 60 : 12); round++) {
    const events = Array.from({ length: 30 }, (_, i) => randomEvent(random, i));
    const chunkBytes = random.int(1, 5000);
    const expected = storyIn('ndjson', writers.ndjson(events), chunkBytes);
    t.is(Object.keys(expected).length, events.length + 1);
    for (const format of formatNames)
      t.deepEqual(
        storyIn(format, writers[format](events), chunkBytes),
        expected,
        `round ${round}, ${format}`,
      );
  }
});
