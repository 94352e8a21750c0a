// Values in wrong forms: unambiguous ones are repaired and counted, unreadable ones that no search needs become unknown, and
// the strict mode refuses both. In all formats, from the text of a record to the answer of a search.

import test from 'ava';
import type { Facts, Zone } from '#/domain/event.ts';
import { lineFor } from './_line.ts';
import { eventOf, read, remarked, type Given, plainFormats } from './_values.ts';

const unknowns: [given: Given, code: string, unknown: { facts?: Partial<Facts>; zone?: Partial<Zone> }][] = [
  ...['', ' ', '-1', '1.5', '1.0', '1e3', 'unlimited', '1000000001', '9'.repeat(1000), undefined].map(
    (capacity): (typeof unknowns)[number] => [{ capacity }, 'capacity', { zone: { capacity: null } }],
  ),
  ...['', 'maybe', '2'].flatMap((value): typeof unknowns => [
    [{ numbered: value }, 'numbered', { zone: { numbered: null } }],
    [{ soldOut: value }, 'sold_out', { facts: { soldOut: null } }],
  ]),
  ...['', 'soon', '2031-09-31T20:00:00', '2031-06-30', '2031-06-30T25:00:00', 'x'.repeat(2000)].flatMap(
    (value): typeof unknowns => [
      [{ sellFrom: value }, 'sell_from', { facts: { sellFrom: null } }],
      [{ sellTo: value }, 'sell_to', { facts: { sellTo: null } }],
    ],
  ),
  ...['', undefined, 'z'.repeat(300)].map((zoneId): (typeof unknowns)[number] => [
    { zoneId },
    'zone_id',
    { zone: { zoneId: null } },
  ]),
  ...['', undefined, 'z'.repeat(1001)].map((name): (typeof unknowns)[number] => [
    { name },
    'zone_name',
    { zone: { name: null } },
  ]),
  [{ organizerCompanyId: 'o'.repeat(1001) }, 'organizer', { facts: { organizerCompanyId: null } }],
];

/** Only a feed of lines can have these values. */
const unknownMembers: typeof unknowns = [
  [{ capacity: -1 }, 'capacity', { zone: { capacity: null } }],
  [{ capacity: 1.5 }, 'capacity', { zone: { capacity: null } }],
  [{ capacity: null }, 'capacity', { zone: { capacity: null } }],
  [{ capacity: [] }, 'capacity', { zone: { capacity: null } }],
  [{ numbered: {} }, 'numbered', { zone: { numbered: null } }],
  [{ soldOut: 3 }, 'sold_out', { facts: { soldOut: null } }],
  [{ sellTo: 1_625_000_000 }, 'sell_to', { facts: { sellTo: null } }],
  [{ zoneId: 40 }, 'zone_id', { zone: { zoneId: null } }],
  [{ name: 'a\0b' }, 'zone_name', { zone: { name: null } }],
  [{ organizerCompanyId: 7 }, 'organizer', { facts: { organizerCompanyId: null } }],
];

for (const format of plainFormats) {
  test(`an event is kept when a value that no search needs is unknown (${format})`, (t) => {
    for (const [given, field, unknown] of [...unknowns, ...(format === 'ndjson' ? unknownMembers : [])]) {
      const what = JSON.stringify(given).slice(0, 80);
      const taken = read(format, given);
      t.deepEqual(taken.faults, [], what);
      t.deepEqual(remarked(taken), [`${field}_unknown 1`], what);
      const expected = eventOf(read(format, {}));
      t.deepEqual(
        eventOf(taken),
        {
          facts: { ...expected.facts, ...unknown.facts },
          zones: expected.zones.map((zone) => ({ ...zone, ...unknown.zone })),
        },
        what,
      );
      // The names of zones are optional.
      const isOptional = field === 'zone_name' && (given['name'] ?? '') === '';
      t.is(read(format, given, true).faults.length, isOptional ? 0 : 1, `${what}, strictly`);
    }
  });

  test(`values that the search needs are never guessed (${format})`, (t) => {
    for (const [code, given] of [
      ...['1.234,50', '1,234.50', '1,234', '€20', '20.00 EUR', '', '-5', 'NaN', '20.005', '20.', '.5'].map(
        (price): [string, Given] => ['price_invalid', { price }],
      ),
      ['price_invalid', { price: undefined }],
      ['date_impossible', { start: '2031-06-31 20:00' }],
      ['date_impossible', { end: '2031-09-31T20:00:00Z' }],
      ['time_impossible', { end: '2031-06-30 25:00' }],
      ['date_unreadable', { start: '01/02/2031 21:00' }],
      ['date_unreadable', { end: '' }],
      ['sell_mode_unknown', { sellMode: 'on sale' }],
      ['sell_mode_unknown', { sellMode: '' }],
      ['text_missing', { title: undefined }],
      // With the repaired value, it ends before it starts.
      ['end_before_start', { end: '2031-06-30T22:00:00+05:00' }],
    ] as [string, Given][]) {
      const refused = read(format, given);
      t.deepEqual(
        [refused.observations.length, refused.faults[0]?.refusal.code],
        [0, code],
        JSON.stringify(given),
      );
      t.regex(refused.faults[0]!.refusal.message, /Got|missing/);
    }
  });
}

test('a value of the wrong JSON type is read when it is unambiguous', (t) => {
  for (const [given, code] of [
    [{ price: 20.5 }, 'price'],
    [{ capacity: '12' }, 'capacity'],
    [{ soldOut: 0 }, 'sold_out'],
    [{ soldOut: 'false' }, 'sold_out'],
    [{ numbered: 1 }, 'numbered'],
  ] as [Given, string][]) {
    const taken = read('ndjson', given);
    t.deepEqual(eventOf(taken), eventOf(read('ndjson', {})), JSON.stringify(given));
    t.deepEqual(remarked(taken), [`${code}_repaired 1`]);
    t.is(read('ndjson', given, true).faults.length, 1);
  }
  for (const price of [1e21, 20.005, -5, true])
    t.is(read('ndjson', { price }).faults.length, 1, String(price));
});

test('a zone whose capacity is unknown counts for the prices, one without a seat does not', (t) => {
  t.is(eventOf(read('plan-list-xml', { capacity: 'unlimited' })).facts.minPrice, 2050);
  t.is(eventOf(read('plan-list-xml', { capacity: 0 })).facts.minPrice, null);
});

const zone = (capacity: string): string =>
  `<zone zone_id="1" name="Stalls" capacity="${capacity}" price=" 12,50" numbered="true"/>`;
const plan = (id: string, capacity: string): string =>
  `<plan plan_id="${id}" plan_start_date="2031-04-01 20:00" plan_end_date="2031-04-01T24:00:00">${zone(capacity)}</plan>`;
const base = `<base_plan base_plan_id="b" sell_mode="Online" title="Tram">\n${plan('1', '5')}\n${plan('2', 'unlimited')}${plan('3', '')}</base_plan>`;
const feed = `<planList version="1.0"><output>${base}</output></planList>`;

test('a run counts repaired and unknown values, with the first place of each kind', async (t) => {
  const line = await lineFor(t);
  const { row } = await line.hear(feed);
  t.like(row, { outcome: 'absorbed', counts: { added: 3, quarantined: 0, repaired: 10, unknown: 2 } });
  const told = row.findings.map(({ code, severity, times, planId, place }) => {
    return [code, severity, times, planId, `${place?.line}:${place?.column}`];
  });
  t.deepEqual(told.toSorted(), [
    ['capacity_unknown', 'warning', 2, '2', '3:1'],
    ['end_repaired', 'warning', 3, '1', '2:1'],
    ['price_repaired', 'warning', 3, '1', '2:1'],
    ['sell_mode_repaired', 'warning', 1, null, '1:33'],
    ['start_repaired', 'warning', 3, '1', '2:1'],
  ]);
  t.is(
    row.findings.find(({ code }) => code === 'price_repaired')!.message,
    'Got price " 12,50", read as 12.5.',
  );
  const [event] = await line.catalogue();
  t.like(event, { startLocal: '2031-04-01T20:00:00', endLocal: '2031-04-02T00:00:00', minPrice: 1250 });
});

test('unchanged records are parsed again when a provider becomes strict, and when it stops being strict', async (t) => {
  const line = await lineFor(t);
  await line.hear(feed);
  t.like((await line.hear(feed)).row.counts, { unchanged: 1, parsed: 0 });
  const { row } = await line.hear(feed, { strict: true });
  t.like(row.counts, { unchanged: 0, parsed: 1, quarantined: 1, repaired: 0 });
  t.like(await line.quarantine(), [{ baseId: 'b', code: 'sell_mode_unknown' }]);
  t.is((await line.catalogue()).length, 3, 'what was known stays');
  t.like((await line.hear(feed)).row.counts, { parsed: 1, quarantined: 0, repaired: 10 });
  t.deepEqual(await line.quarantine(), []);
});
