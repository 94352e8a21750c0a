// Decisions where the contract leaves a choice. One test per decision, each from a provider's feed to the answer.

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { apiFor } from './_support/api.ts';
import { base, dialects, feed, feedOf, plan, record, zones } from './_support/feeds.ts';
import { openPipeline, type EventSummary } from './_support/pipeline.ts';

const titles = (events: readonly EventSummary[]): string[] => events.map(({ title }) => title);
const prices = ({ min_price, max_price }: EventSummary): unknown[] => [min_price, max_price];
const times = (event: EventSummary): string =>
  `${event.start_date} ${event.start_time} – ${event.end_date} ${event.end_time}`;

test('an event is found when it is completely within the range, both ends inclusive', async (t) => {
  const line = await openPipeline(t);
  await line.tell(feed([base()])); // 21:00 to 22:00

  const found = (from: string, to: string): number =>
    line.events(`starts_at=2021-06-30T${from}Z&ends_at=2021-06-30T${to}Z`).length;
  t.is(found('21:00:00', '22:00:00'), 1);
  t.is(found('21:00:00.001', '22:00:00'), 0);
  t.is(found('21:00:00', '21:59:59.999'), 0);
  t.is(found('21:15:00', '21:45:00'), 0, 'the range lies within the event');
  t.is(found('20:00:00', '21:30:00'), 0, 'they only overlap');
});

test('an absent bound is infinite', async (t) => {
  const line = await openPipeline(t);
  const on = (day: string) => plan({ id: day, start: `${day}T10:00:00`, end: `${day}T11:00:00` });
  await line.tell(feed([base({ plans: [on('1969-12-31'), on('2021-06-30'), on('9998-01-01')] })]));

  t.is(line.events().length, 3);
  t.is(line.events('starts_at=2021-06-30T10:00:00Z').length, 2);
  t.is(line.events('ends_at=2021-06-30T11:00:00Z').length, 2);
});

test('a base with two plans gives two events', async (t) => {
  const line = await openPipeline(t);
  await line.tell(
    feed([base({ plans: [plan({ id: '1642' }), plan({ id: '1643', end: '2021-06-30T23:00:00' })] })]),
  );

  const events = line.events();
  t.deepEqual(titles(events), ['The Night Tram', 'The Night Tram']);
  t.is(new Set(events.map(({ id }) => id)).size, 2);
});

test('an id is a UUIDv5 of provider, base and plan, since several bases can share a plan id', async (t) => {
  const line = await openPipeline(t, [{ name: 'north' }, { name: 'south' }]);
  const shared = feed(['291', '322', '1591'].map((id) => base({ id, plans: [plan({ id: '1642' })] })));
  await line.tell(shared, 'north');
  const before = line.events().map(({ id }) => id);
  t.is(new Set(before).size, 3, 'one plan id, three bases');
  for (const id of before)
    t.regex(id, /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);

  await line.tell(shared, 'south');
  t.is(new Set(line.events().map(({ id }) => id)).size, 6, 'another provider, other events');
  await line.tell(
    feed([base({ id: '322', title: 'Renamed', plans: [plan({ id: '1642', zones: [] })] })]),
    'north',
  );
  t.true(
    before.includes(line.events().find(({ title }) => title === 'Renamed')!.id),
    'the id does not depend on the values',
  );
});

test('prices are the lowest and the highest of all zones, sold out or not', async (t) => {
  const line = await openPipeline(t);
  await line.tell(feed([base({ plans: [plan({ zones: zones('20.00', '15.50/0', '30.05') })] })]));
  t.deepEqual(line.events().map(prices), [[15.5, 30.05]]);
});

test('a provider can have only zones with capacity counted', async (t) => {
  const line = await openPipeline(t, [{ priceZones: 'with-capacity' }]);
  const some = plan({ id: 'a', zones: zones('20.00', '15.00/0', '30.00') });
  const none = plan({
    id: 'b',
    start: '2021-07-01T10:00:00',
    end: '2021-07-01T11:00:00',
    zones: zones('9.00/0'),
  });
  await line.tell(feed([base({ plans: [some, none] })]));
  t.deepEqual(line.events().map(prices), [
    [20, 30],
    [null, null],
  ]);
});

test('an event without zones has null prices', async (t) => {
  const line = await openPipeline(t);
  await line.tell(feed([base({ plans: [plan({ zones: [] })] })]));
  t.true(line.ask().includes('"min_price":null,"max_price":null'));
});

test('events are ordered by the instant of their start, then by id', async (t) => {
  const line = await openPipeline(t, [{ name: 'utc' }, { name: 'madrid', timeZone: 'Europe/Madrid' }]);
  const at = (hour: string, title: string) =>
    base({
      id: title,
      title,
      plans: [plan({ start: `2021-06-30T${hour}:00:00`, end: '2021-06-30T23:30:00' })],
    });
  await line.tell(feed([at('21', 'third'), at('19', 'first')]), 'utc');
  await line.tell(feed([at('22', 'second')]), 'madrid'); // 20:00 UTC
  t.deepEqual(titles(line.events()), ['first', 'second', 'third']);

  await line.tell(feed(['a', 'b', 'c', 'd', 'e'].map((id) => at('12', id))), 'utc');
  const ids = line.events('ends_at=2021-06-30T23:30:00Z&starts_at=2021-06-30T12:00:00Z').slice(0, 5);
  t.deepEqual(titles(ids).toSorted(), ['a', 'b', 'c', 'd', 'e']);
  t.deepEqual(
    ids.map(({ id }) => id),
    ids.map(({ id }) => id).toSorted(),
  );
});

test('an answer shows the wall clock of the provider; its time zone determines the instant', async (t) => {
  const line = await openPipeline(t, [{ name: 'utc' }, { name: 'madrid', timeZone: 'Europe/Madrid' }]);
  await line.tell(feed([base()]), 'utc');
  await line.tell(feed([base()]), 'madrid');

  t.deepEqual(line.events().map(times), Array(2).fill('2021-06-30 21:00:00 – 2021-06-30 22:00:00'));
  t.is(
    line.events('starts_at=2021-06-30T19:00:00Z&ends_at=2021-06-30T20:00:00Z').length,
    1,
    'the one of Madrid',
  );
  t.is(line.events('starts_at=2021-06-30T21:00:00%2B02:00&ends_at=2021-06-30T22:00:00%2B02:00').length, 1);
  t.is(line.events('starts_at=2021-06-30T21:00:00Z').length, 1, 'the one on UTC');
});

test('a local time in a gap, or one that occurs twice, follows the compatible rule and is counted', async (t) => {
  const line = await openPipeline(t, [{ timeZone: 'Europe/Madrid' }]);
  const never = plan({ id: 'never', start: '2021-03-28T02:30:00', end: '2021-03-28T04:00:00' });
  const twice = plan({ id: 'twice', start: '2021-10-31T01:30:00', end: '2021-10-31T02:30:00' });
  const run = await line.tell(feed([base({ plans: [never, twice] })]));

  t.is(run.counts['irregularClocks'], 2);
  t.deepEqual(line.events().map(times), [
    '2021-03-28 02:30:00 – 2021-03-28 04:00:00',
    '2021-10-31 01:30:00 – 2021-10-31 02:30:00',
  ]);
  const exact = (start: string, end: string): number =>
    line.events(`starts_at=${start}&ends_at=${end}`).length;
  t.is(exact('2021-03-28T01:30:00Z', '2021-03-28T02:00:00Z'), 1, 'as far behind the change as it said');
  t.is(exact('2021-10-30T23:30:00Z', '2021-10-31T00:30:00Z'), 1, 'the earlier of the two');
});

test('a query can write an instant in every unambiguous form', async (t) => {
  const line = await openPipeline(t);
  await line.tell(feed([base()])); // 21:00 to 22:00 UTC
  const ends = 'ends_at=2021-06-30T22:00:00Z';

  t.is(line.events(`starts_at=2021-06-30T23:00:00%2B02:00&${ends}`).length, 1, 'an offset');
  t.is(line.events(`starts_at=2021-06-30T21:00:00&${ends}`).length, 1, 'no offset is UTC');
  t.is(line.events(`starts_at=2021-06-30T23:00:00+02:00&${ends}`).length, 1, 'a plus that was not escaped');
  t.is(line.events(`starts_at=2021-06-30T23:00:00%2002:00&${ends}`).length, 1, 'a plus that became a blank');
  t.is(line.events(`starts_at=2021-06-30T23:00:01%2002:00&${ends}`).length, 0, 'and it is a plus');
  t.is(line.events('starts_at=2021-06-30&ends_at=2021-06-30').length, 1, 'the whole of a day');
  t.is(line.events('starts_at=2021-07-01').length, 0);
  t.is(line.events('ends_at=2021-06-29').length, 0);
});

test('a day in a query ends with its last instant', async (t) => {
  const line = await openPipeline(t);
  const late = plan({ id: 'late', end: '2021-06-30T23:59:59' });
  const later = plan({ id: 'later', end: '2021-07-01T00:00:00' });
  await line.tell(feed([base({ plans: [late, later] })]));
  t.is(line.events('starts_at=2021-06-30&ends_at=2021-06-30').length, 1);
  t.is(line.events('starts_at=2021-06-30&ends_at=2021-07-01').length, 2);
});

const badQueries: Record<string, string> = {
  'starts_at=2021-09-31T00:00:00Z': 'date_impossible',
  'ends_at=2021-02-29': 'date_impossible',
  'starts_at=tomorrow': 'instant_unreadable',
  'starts_at=': 'instant_unreadable',
  'starts_at=2021-06-30&starts_at=2021-06-30': 'parameter_repeated',
  'starts_at=2021-07-01&ends_at=2021-06-30': 'range_reversed',
};
for (const [query, code] of Object.entries(badQueries)) {
  test(`?${query} is answered with 400 and ${code}`, async (t) => {
    const line = await openPipeline(t);
    await line.tell(feed([base()]));
    const api = await apiFor(t, () => line.view);
    const answer = await api.get(`/search?${query}`);
    const { data, error } = (await answer.json()) as {
      data: unknown;
      error: { code: string; message: string };
    };
    t.is(answer.status, 400);
    t.is(data, null);
    t.is(error.code, code);
    t.regex(error.message, /starts_at|ends_at/);
  });
}

for (const dialect of dialects) {
  test(`a plan on an impossible day goes to quarantine with its reason, and no other (${dialect})`, async (t) => {
    const line = await openPipeline(t, [{ format: dialect }]);
    const impossible = plan({ id: 'never', start: '2021-09-31T20:00:00', end: '2021-09-31T21:00:00' });
    const reversed = plan({ id: 'reversed', end: '2021-06-30T20:59:59' });
    const good = base({ id: '322', title: 'Neighbour' });
    const run = await line.tell(feed([base({ plans: [impossible, plan(), reversed] }), good], dialect));

    t.is(run.outcome, 'absorbed');
    t.is(run.counts['quarantined'], 2);
    t.deepEqual(titles(line.events()).toSorted(), ['Neighbour', 'The Night Tram']);
    t.deepEqual(
      line.quarantine().map(({ baseId, planId, code }) => [baseId, planId, code]),
      [
        ['291', 'never', 'date_impossible'],
        ['291', 'reversed', 'end_before_start'],
      ],
    );
    t.true(line.quarantine()[0]!.message.includes('2021-09-31T20:00:00'), 'it says what it saw');
  });
}

test('31 September is not the first of October, neither in a feed nor in a query', async (t) => {
  const line = await openPipeline(t);
  const impossible = plan({ start: '2021-09-31T20:00:00', end: '2021-10-01T21:00:00' });
  await line.tell(feed([base({ plans: [impossible] })]));
  t.deepEqual(line.events(), []);
  t.throws(() => line.events('starts_at=2021-09-31T20:00:00'), { message: /date_impossible/ });
});

test('an event whose values became invalid keeps the last valid ones', async (t) => {
  const line = await openPipeline(t);
  await line.tell(feed([base()]));
  const before = line.ask();
  await line.tell(feed([base({ title: 'Renamed', plans: [plan({ end: '2021-06-31T22:00:00' })] })]));
  t.is(line.ask(), before);
});

test('of a plan that comes twice in a record the last one is taken, and it is counted', async (t) => {
  const line = await openPipeline(t);
  const run = await line.tell(
    feed([base({ plans: [plan({ zones: zones('10') }), plan({ zones: zones('12') })] })]),
  );
  t.deepEqual(line.events().map(prices), [[12, 12]]);
  t.is(run.counts['duplicates'], 1);
});

test('of a plan that comes in two records of a feed the last one is taken, run after run', async (t) => {
  const line = await openPipeline(t);
  const [first, last] = [base({ title: 'First' }), base({ title: 'Last' })];
  const other = base({ id: '322', title: 'Between' });
  for (let run = 1; run <= 3; run++) {
    await line.tell(feed([first, other, last]));
    t.deepEqual(titles(line.events()).toSorted(), ['Between', 'Last'], `run ${run}`);
  }
  await line.tell(feed([last, other, first]));
  t.deepEqual(titles(line.events()).toSorted(), ['Between', 'First'], 'when they change places');
});

test('of a plan that comes in two records the last one is taken, even if it is unchanged', async (t) => {
  const line = await openPipeline(t);
  await line.tell(feed([base({ title: 'As it was' })]));
  await line.tell(feed([base({ title: 'News' }), base({ title: 'As it was' })]));
  t.deepEqual(titles(line.events()), ['As it was']);
});

test('a plan that comes in two records of a feed is counted', async (t) => {
  const line = await openPipeline(t);
  const run = await line.tell(feed([base({ title: 'First' }), base({ title: 'Last' })]));
  t.is(run.counts['duplicates'], 1);
});

test('an event that has left the feed stays, with its latest values', async (t) => {
  const line = await openPipeline(t);
  const [stays, leaves] = [base({ id: '1', title: 'Stays' }), base({ id: '2', title: 'Leaves' })];
  await line.tell(feed([stays, leaves]));
  await line.tell(feed([stays, { ...leaves, title: 'Has left' }]));
  await line.tell(feed([stays]));
  t.deepEqual(titles(line.events()).toSorted(), ['Has left', 'Stays']);
  t.deepEqual(line.journal().at(-1)!.after.listing, 'withdrawn');

  await line.tell(feed([]));
  t.is(line.events().length, 2, 'nor does an empty feed take anything away');
});

test('an event that went offline stays as it was last seen online, and its journal has the rest', async (t) => {
  const line = await openPipeline(t);
  await line.tell(feed([base({ title: 'Online' })]));
  await line.tell(
    feed([base({ title: 'Offline', sellMode: 'offline', plans: [plan({ zones: zones('99') })] })]),
  );
  t.deepEqual(titles(line.events()), ['Online']);
  t.deepEqual(line.events().map(prices), [[15, 30]]);
  const { facts } = line.journal().at(-1)!.after;
  t.deepEqual([facts['title'], facts['sellMode'], facts['minPrice']], ['Offline', 'offline', 9900]);

  await line.tell(feed([base({ title: 'Online again' })]));
  t.deepEqual(titles(line.events()), ['Online again']);
});

test('an event that was never online is not found', async (t) => {
  const line = await openPipeline(t);
  await line.tell(feed([base({ sellMode: 'offline' })]));
  t.deepEqual(line.events(), []);
  t.is(line.journal().length, 1, 'though its history is kept');
});

test('a malformed record refuses only itself', async (t) => {
  const line = await openPipeline(t);
  const broken = record(base({ id: '2' })).replace('</plan>', '</plam>');
  const unclosed = record(base({ id: '3' })).replace('</base_plan>', '');
  const good = ['1', '4', '5'].map((id) => record(base({ id, title: id })));
  const run = await line.tell(feedOf([good[0]!, broken, good[1]!, unclosed, good[2]!]));
  t.deepEqual(titles(line.events()).toSorted(), ['1', '4', '5']);
  t.is(run.outcome, 'incomplete');
  t.is(run.counts['withdrawn'], 0);
});

// The reference samples: three consecutive answers of a provider. They are not part of the project; without them, these tests
// do not run.
const samples = join(fileURLToPath(new URL('..', import.meta.url)), '../shared/challenge/samples');

const camela = (end: string) => ['Camela en concierto', `2021-06-30 21:00:00 – 2021-06-30 ${end}`, 15, 30];
const pantomima = (day: string) => [
  'Pantomima Full',
  `2021-02-${day} 20:00:00 – 2021-02-${day} 21:30:00`,
  55,
  55,
];
const morancos = (end: string) => ['Los Morancos', `2021-07-31 20:00:00 – 2021-07-31 ${end}`, 65, 75];

for (const [folder, days] of [
  ['plans', ['10', '11']],
  ['events', ['10']],
] as const) {
  const run = existsSync(join(samples, folder)) ? test : test.skip;
  run(`the reference samples of ${folder} show after each answer just what the rules demand`, async (t) => {
    const line = await openPipeline(t);
    const after = async (response: number): Promise<unknown[]> => {
      await line.tell(await readFile(join(samples, folder, `response_${response}.xml`)));
      const events = line.events('starts_at=2021-02-01T00:00:00Z&ends_at=2022-07-03T23:59:59Z');
      return events.map((event) => [event.title, times(event), ...prices(event)]);
    };
    const pantomimas = days.map(pantomima);
    t.deepEqual(await after(1), [...pantomimas, camela('22:00:00'), morancos('21:00:00')]);
    t.deepEqual(await after(2), [...pantomimas, camela('22:00:00'), morancos('21:20:00')]);
    t.deepEqual(await after(3), [...pantomimas, camela('21:30:00'), morancos('21:00:00')]);
    t.deepEqual(
      line.quarantine().map(({ baseId, code }) => [baseId, code]),
      [['444', 'date_impossible']],
    );
  });
}
