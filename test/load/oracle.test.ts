// The load suite's oracle, checked against its feed as an independent parser reads it.

import test from 'ava';
import {
  createOracle,
  difference,
  idsOf,
  type Oracle,
  type Range,
} from '../../load/search/catalogue/oracle.ts';
import { createQueries, queryOf } from '../../load/search/queries/queries.ts';
import { drawRange, type Shape } from '../../load/search/queries/ranges.ts';
import { feedChunks, generateRecords } from '../../load/simulator/generate.ts';
import { mulberry32 } from '../../load/simulator/random.ts';
import { seededFor } from '../_support/random.ts';
import { read } from './_simulator.ts';

const recipe = {
  seed: 5,
  bases: 900,
  plansPerBase: 2,
  zonesPerPlan: 2,
  days: 60,
  offlineShare: 0.1,
  hotDays: 1,
  hotDayShare: 0.2,
};
const never = new AbortController().signal;
const oracleOf = (): Promise<Oracle> => createOracle([{ provider: 'load', recipe }], never);

interface Answer {
  data: { events: Record<string, unknown>[] };
  error: unknown;
}
const eventsOf = (body: Buffer): Record<string, unknown>[] =>
  (JSON.parse(body.toString()) as Answer).data.events;
const instant = (date: unknown, time: unknown): number => Date.parse(`${String(date)}T${String(time)}Z`);

test('the oracle has all online events of the feed, with the values of the feed', async (t) => {
  const oracle = await oracleOf();
  const xml = Buffer.concat([...feedChunks('event-list-xml', generateRecords(recipe))]).toString();
  const expected = read(xml)
    .filter(({ sellMode }) => sellMode === 'online')
    .flatMap(({ title, plans }) =>
      plans.map(({ start, end, zones }) => {
        const prices = zones.map(({ price }) => Number(price));
        return [title, start, end, Math.min(...prices), Math.max(...prices)].join(' ');
      }),
    );
  const told = eventsOf(oracle.answer({ start: -Infinity, end: Infinity })).map((event) =>
    [
      event['title'],
      `${String(event['start_date'])}T${String(event['start_time'])}`,
      `${String(event['end_date'])}T${String(event['end_time'])}`,
      event['min_price'],
      event['max_price'],
    ].join(' '),
  );
  t.deepEqual(told.toSorted(), expected.toSorted());
  const ids = idsOf({ provider: 'load', recipe });
  t.is(ids.size, recipe.bases * recipe.plansPerBase);
});

test('an answer has exactly the events of its range, in order, and the announced length', async (t) => {
  const random = seededFor(t);
  const oracle = await oracleOf();
  const all = eventsOf(oracle.answer({ start: -Infinity, end: Infinity }));
  const first = oracle.starts[0] ?? 0;
  for (let i = 0; i < 200; i++) {
    const start = first + random.int(-86_400_000, 60 * 86_400_000);
    const range = { start, end: start + random.int(0, 20 * 86_400_000) };
    const body = oracle.answer(range);
    const wanted = all.filter(
      (event) =>
        instant(event['start_date'], event['start_time']) >= range.start &&
        instant(event['end_date'], event['end_time']) <= range.end,
    );
    t.deepEqual(eventsOf(body), wanted);
    t.is(oracle.count(range), wanted.length);
    t.is(oracle.bytes(range), body.length);
  }
  const keys = all.map(
    (event) => `${String(event['start_date'])}T${String(event['start_time'])} ${String(event['id'])}`,
  );
  t.deepEqual(keys, keys.toSorted());
});

test('one wrong byte anywhere is found, with its position', async (t) => {
  const random = seededFor(t);
  const oracle = await oracleOf();
  const range = { start: -Infinity, end: Infinity };
  const body = oracle.answer(range);
  t.is(oracle.fault(range, body), undefined);
  for (let i = 0; i < 50; i++) {
    const place = random.int(0, body.length - 1);
    const wrong = Buffer.from(body);
    wrong.writeUInt8(wrong.readUInt8(place) ^ (1 << random.int(0, 7)), place);
    t.regex(oracle.fault(range, wrong) ?? '', new RegExp(`at byte ${place} `));
  }
  t.regex(difference(body.subarray(0, -1), body) ?? '', /Got \d+ bytes, expected \d+; at byte \d+/);
});

const abouts: readonly (readonly [Shape, number])[] = [
  ['point', 5],
  ['hundred', 100],
];
for (const [shape, wanted] of abouts) {
  test(`a ${shape} range holds about ${wanted} events`, async (t) => {
    const oracle = await oracleOf();
    const random = mulberry32(1);
    const counts = Array.from({ length: 200 }, () => oracle.count(drawRange(shape, oracle, random)));
    const near = counts.filter((count) => count >= wanted / 2 && count <= wanted * 2);
    t.true(near.length >= 190, `${near.length} of 200 are near`);
  });
}

test('all-different queries differ, lap after lap, and select the same events', async (t) => {
  const oracle = await oracleOf();
  const random = mulberry32(2);
  const ranges: Range[] = Array.from({ length: 40 }, () => drawRange('point', oracle, random));
  const queries = createQueries('different', ranges, 1).next(40 * 25);
  t.is(new Set(queries.map(({ path }) => path)).size, queries.length);
  for (const { path, range } of queries) {
    const asked = new URLSearchParams(path.split('?')[1]);
    const [start, end] = ['starts_at', 'ends_at'].map((name) => Date.parse(asked.get(name) ?? '')) as [
      number,
      number,
    ];
    t.is(oracle.count({ start, end }), oracle.count(range));
  }
});

test('Zipf queries use one range often and most ranges rarely', (t) => {
  const ranges: Range[] = Array.from({ length: 1000 }, (_, i) => ({ start: i, end: i + 1 }));
  const counts = Map.groupBy(createQueries('zipf', ranges, 1).next(20_000), ({ path }) => path);
  const sizes = [...counts.values()].map((own) => own.length).sort((a, b) => b - a);
  // The first of a thousand ranges gets 1 / (1 + 1/2 + … + 1/1000) of the queries, which is 13 per cent.
  t.true(Math.abs((sizes[0] ?? 0) / 20_000 - 0.134) < 0.02, `the first has ${sizes[0]}`);
  t.true(Math.abs((sizes[9] ?? 0) / 20_000 - 0.0134) < 0.005, `the tenth has ${sizes[9]}`);
});

test('a query leaves out an infinite bound', (t) => {
  t.is(queryOf({ start: -Infinity, end: Infinity }), '');
  t.is(queryOf({ start: 0, end: Infinity }), 'starts_at=1970-01-01T00:00:00.000Z');
});
