// The rows of a slice become its events, in their order, one by one.

import test from 'ava';
import type { Facts } from '#/domain/event.ts';
import { eventId } from '#/domain/identity.ts';
import { factsText, instantsIn } from '#/domain/packed/facts.ts';
import { sliceColumns, unpackSlice, type PackedSlice } from '#/domain/packed/slice.ts';
import { packTexts } from '#/domain/packed/texts.ts';
import { seededFor, type Random } from '../../_support/random.ts';

const titles = [
  '',
  'A',
  'Zoë "the" \\ night',
  '\\',
  '"',
  '🎭',
  'a\u0000b',
  'line\nbreak',
  '[1,2],"',
  '\\",1,2,',
];

function randomFacts(random: Random): Facts {
  const start = random.chance(0.1) ? random.int(-6e10, -1) * 1000 : random.int(0, 20) * 1000;
  return {
    title: random.pick(titles),
    sellMode: random.chance(0.8) ? 'online' : 'offline',
    organizerCompanyId: null,
    startLocal: random.pick(['2026-06-01T20:00:00', '2026-06-01']),
    endLocal: random.pick(['2026-06-01T21:00:00', '']),
    start,
    end: start + random.int(0, 3) * 1000,
    sellFrom: null,
    sellTo: null,
    soldOut: null,
    minPrice: random.int(0, 1e6),
    maxPrice: null,
    zonesHash: 'none',
    capacity: random.int(0, 9),
  };
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

test('the instants of facts are read as JSON has them, or not at all', (t) => {
  const random = seededFor(t);
  for (let round = 0; round < 500; round++) {
    const facts = randomFacts(random);
    const bytes = bytesOf(`before${factsText(facts)}behind`);
    t.deepEqual(instantsIn(bytes, 6), [facts.start, facts.end], facts.title);
  }
  const others = [
    '',
    '[',
    '["a","b","c"]',
    '["a","b",null,1,2,3]',
    '["a","b","c",null,2,3]',
    '["a","b","c",1,2',
    '["a","b","c",1.5,2,3]',
    '["a","b","c",1e3,2,3]',
    '["a","b","c",-,2,3]',
    '["a","b","c",12345678901234567,2,3]',
    '[ "a", "b", "c", 1, 2, 3]',
    '["a","b","c',
    '["a","b","c\\',
  ];
  for (const text of others) t.is(instantsIn(bytesOf(text), 0), null, text);
});

test('the events of a slice come by start and id, each with what is shown of it', (t) => {
  const random = seededFor(t);
  for (let round = 0; round < 30; round++) {
    const made = Array.from({ length: random.int(0, 40) }, (_, i) => {
      const [facts, shown] = [randomFacts(random), random.chance(0.3) ? randomFacts(random) : null];
      const provider = random.pick(['a', 'b']);
      return { id: eventId(provider, 'base', `${i}`), provider, planId: `${i}`, facts, shown };
    });
    const rows = made.map(({ id, provider, planId, facts, shown }) => {
      // As an earlier version or another writer of JSON may have stored it.
      const text = random.chance(0.2) ? factsText(facts).replaceAll(',', ' ,') : factsText(facts);
      const isPlain = !facts.title.includes(',');
      return [
        random.chance(0.5) ? id : id.replaceAll('-', ''),
        provider,
        'base',
        planId,
        'listed',
        isPlain ? text : factsText(facts),
        shown === null ? null : factsText(shown),
        '1',
        '2',
      ];
    });
    const slice: PackedSlice = {
      rows: packTexts(sliceColumns.length, rows),
      timeZones: new Map([['a', 'Europe/Madrid']]),
      capacities: new Map(),
      onlineUntil: new Map(),
      zones: null,
    };
    const expected = made
      .map((one, row) => ({ ...one, row, seen: one.shown ?? one.facts }))
      .toSorted((a, b) => a.seen.start - b.seen.start || (a.id < b.id ? -1 : 1));
    const events = unpackSlice(slice);
    t.deepEqual(
      [...events.starts],
      expected.map(({ seen }) => seen.start),
    );
    t.deepEqual(
      [...events.ends],
      expected.map(({ seen }) => seen.end),
    );
    for (const [ordinal, { id, row, provider, planId, facts, seen }] of expected.entries()) {
      const { event, ...rest } = events.at(ordinal);
      t.like(rest, { row, zonesHash: 'none', sightings: { firstSeenAt: 1, lastSeenAt: null } });
      t.like(event, {
        id,
        provider,
        planId,
        timeZone: provider === 'a' ? 'Europe/Madrid' : 'UTC',
        title: seen.title,
        start: seen.start,
        end: seen.end,
        minPrice: seen.minPrice,
        sellMode: facts.sellMode,
        capacity: facts.capacity,
        changedAt: 2,
      });
    }
  }
});

test('facts that cannot be parsed are refused', (t) => {
  const row = [eventId('a', 'b', 'c'), 'a', 'b', 'c', 'listed', '["a","b","c",1,2', null, '1', '2'];
  const rows = packTexts(sliceColumns.length, [row]);
  const slice = { rows, timeZones: new Map(), capacities: new Map(), onlineUntil: new Map(), zones: null };
  t.throws(() => unpackSlice(slice), { instanceOf: SyntaxError });
});
