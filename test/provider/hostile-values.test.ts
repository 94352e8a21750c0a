// Well-formed records with impossible values. Only the plan with the fault is refused; the other plans of its base are taken.

import test from 'ava';
import {
  base,
  dialects,
  feedOf,
  plan,
  record,
  zones,
  type FeedBase,
  type FeedPlan,
} from '../_support/feeds.ts';
import { around, aroundPlace, knownBases, knownLine, neighboursTaken, type Line } from './_line.ts';

const date = (start: string, end = '2021-06-30T23:00:00'): Partial<FeedPlan> => ({ start, end });
const price = (text: string): Partial<FeedPlan> => ({ zones: [{ id: '1', capacity: '1', price: text }] });
const capacity = (text: string): Partial<FeedPlan> => ({ zones: [{ id: '1', capacity: text, price: '1' }] });

/** Refused in strict mode only: `values.test.ts` has the results of the other mode. */
const strictly = new Set([
  'the price 12,50',
  'a capacity beyond 32 bits',
  'a capacity beyond 53 bits',
  'a capacity of a thousand digits',
  'a capacity of 1e9',
  'a capacity below zero',
  'half a seat',
  'no capacity',
  'the hour 24',
  'a start in UTC',
  'a start with an offset',
  'an end with an offset',
  'a zone id of 300 characters',
]);

const refused: Record<string, [given: Partial<FeedPlan>, code: string]> = {
  'the price 1e3': [price('1e3'), 'price_invalid'],
  'the price -5': [price('-5'), 'price_invalid'],
  'the price NaN': [price('NaN'), 'price_invalid'],
  'the price Infinity': [price('Infinity'), 'price_invalid'],
  'the price 12,50': [price('12,50'), 'price_invalid'],
  'the price 0.1+': [price('0.1+'), 'price_invalid'],
  'the price 0x10': [price('0x10'), 'price_invalid'],
  'the price 12.345': [price('12.345'), 'price_invalid'],
  'a price in Arabic digits': [price('١٢'), 'price_invalid'],
  'a price with a currency': [price('12 EUR'), 'price_invalid'],
  'a price of a billion': [price('1000000000.00'), 'price_invalid'],
  'an empty price': [price(''), 'price_invalid'],
  'a capacity beyond 32 bits': [capacity('4294967296'), 'capacity_invalid'],
  'a capacity beyond 53 bits': [capacity('9007199254740993'), 'capacity_invalid'],
  'a capacity of a thousand digits': [capacity('9'.repeat(1000)), 'capacity_invalid'],
  'a capacity of 1e9': [capacity('1e9'), 'capacity_invalid'],
  'a capacity below zero': [capacity('-1'), 'capacity_invalid'],
  'half a seat': [capacity('1.5'), 'capacity_invalid'],
  'no capacity': [capacity(''), 'capacity_invalid'],
  '31 September': [date('2021-09-31T20:00:00', '2021-10-01T20:00:00'), 'date_impossible'],
  '29 February of a year that has none': [date('2021-02-29T20:00:00'), 'date_impossible'],
  'month 13': [date('2021-13-01T20:00:00'), 'date_impossible'],
  'day 0': [date('2021-06-00T20:00:00'), 'date_impossible'],
  '25 hours': [date('2021-06-30T25:00:00'), 'time_impossible'],
  'the hour 24': [date('2021-06-30T24:00:00'), 'time_impossible'],
  'a leap second': [date('2021-06-30T22:59:60'), 'time_impossible'],
  'an end before the start': [date('2021-06-30T23:00:01'), 'end_before_start'],
  'a start that is absent': [date(''), 'date_unreadable'],
  'an end that is absent': [date('2021-06-30T21:00:00', ''), 'date_unreadable'],
  'a start in UTC': [date('2021-06-30T21:00:00Z'), 'date_unreadable'],
  'a start with an offset': [date('2021-06-30T21:00:00+02:00'), 'date_unreadable'],
  'an end with an offset': [date('2021-06-30T21:00:00', '2021-06-30T22:00:00-03:00'), 'date_unreadable'],
  'a start on a day that does not exist': [date('2021-06-31'), 'date_impossible'],
  'a start in the style of a country': [date('30/06/2021 21:00'), 'date_unreadable'],
  'a start of six digits of year': [date('+012021-06-30T21:00:00'), 'date_unreadable'],
  'a plan id of 300 characters': [{ id: 'x'.repeat(300) }, 'id_too_long'],
  'a plan id that is empty': [{ id: '' }, 'id_missing'],
  'a zone id of 300 characters': [
    { zones: [{ id: 'z'.repeat(300), capacity: '1', price: '1' }] },
    'id_too_long',
  ],
};

for (const dialect of dialects) {
  for (const [what, [given, code]] of Object.entries(refused)) {
    test(`${what} refuses only its plan (${dialect})`, async (t) => {
      const line = await knownLine(t);
      const bad = plan({ id: 'bad', ...given });
      const mixed = base({ id: 'mixed', title: 'Mixed', plans: [plan({ id: 'a' }), bad, plan({ id: 'b' })] });
      const text = record(mixed, dialect);
      const { row } = await line.hear(around(text, dialect), { strict: strictly.has(what) });
      t.like(row, { outcome: 'absorbed', code: null, counts: { added: 4, quarantined: 1 } });
      t.like(row.findings, [{ code, severity: 'error', times: 1, baseId: 'mixed' }]);
      const planTag = dialect === 'plan-list-xml' ? '<plan ' : '<event ';
      const at = text.indexOf(planTag, text.indexOf(planTag) + 1);
      t.like(await line.quarantine(), [
        {
          baseId: 'mixed',
          planId: code.startsWith('id_') && given.id !== undefined ? null : 'bad',
          code,
          line: aroundPlace.line,
          column: aroundPlace.column + at,
        },
      ]);
      await neighboursTaken(t, line);
      t.is((await line.titles()).filter((title) => title === 'Mixed').length, 2);
    });
  }
}

const refusedBases: Record<string, [text: string, code: string]> = {
  'a base without an id': [record(base({ id: '' })), 'id_missing'],
  'a base id of 300 characters': [record(base({ id: 'x'.repeat(300) })), 'id_too_long'],
  'an unknown sell mode': [record(base({ id: 'x', sellMode: 'on sale' })), 'sell_mode_unknown'],
  'a title of a megabyte': [record(base({ id: 'x', title: 'x'.repeat(1e6) })), 'text_too_long'],
  'a base without anything': ['<base_plan/>', 'id_missing'],
  'a base without a title': ['<base_plan base_plan_id="x" sell_mode="online"/>', 'text_missing'],
};

for (const [what, [text, code]] of Object.entries(refusedBases)) {
  test(`${what} refuses only its record`, async (t) => {
    const line = await knownLine(t);
    const { row } = await line.hear(around(text));
    t.like(row.findings[0], { code, severity: 'error' });
    t.like(await line.quarantine(), [{ ...aroundPlace, code, planId: null }]);
    await neighboursTaken(t, line);
  });
}

async function taken(line: Line, ...bases: FeedBase[]): Promise<Record<string, string>> {
  await line.hear(feedOf([...knownBases, ...bases].map((one) => record(one))));
  return line.listings();
}

test('ids that differ only in leading zeros belong to different events', async (t) => {
  const line = await knownLine(t);
  const listings = await taken(line, base({ id: '322', plans: [plan({ id: '7' }), plan({ id: '07' })] }));
  for (const id of ['322/7', '322/07', '0322/7', '0322/007']) t.is(listings[id], 'listed', id);
});

test('numeric ids are kept as text', async (t) => {
  const line = await knownLine(t);
  const ids = [
    '1e3',
    '1000',
    '0x10',
    '16',
    '+7',
    '-7',
    '9007199254740993',
    '9007199254740992',
    'null',
    'true',
    '1.0',
  ];
  const listings = await taken(line, base({ id: 'n', plans: ids.map((id) => plan({ id })) }));
  for (const id of ids) t.is(listings[`n/${id}`], 'listed', id);
});

test('ids can have 200 characters, quotes, slashes and emoji', async (t) => {
  const line = await knownLine(t);
  const ids = ['x'.repeat(200), `"'`, 'a/b', '🎭', '%00', "'; drop table event; --", '["a"]'];
  const listings = await taken(line, base({ id: 'n', plans: ids.map((id) => plan({ id })) }));
  for (const id of ids) t.is(listings[`n/${id}`], 'listed', id);
});

test('base and plan ids with equal concatenations are distinguished', async (t) => {
  const line = await knownLine(t);
  await taken(
    line,
    base({ id: 'a', title: 'One', plans: [plan({ id: 'b","c' })] }),
    base({ id: 'a","b', title: 'Two', plans: [plan({ id: 'c' })] }),
  );
  const ids = (await line.catalogue()).filter(({ title }) => title === 'One' || title === 'Two');
  t.is(new Set(ids.map(({ id }) => id)).size, 2);
});

test('of a duplicate plan in a base the last is taken, and the other counted', async (t) => {
  const line = await knownLine(t);
  const twice = [plan({ zones: zones('1.00') }), plan({ id: '2' }), plan({ zones: zones('2.00') })];
  const text = record(base({ id: 'twice', title: 'Twice', plans: twice }));
  const { row } = await line.hear(around(text));
  t.like(row, { outcome: 'absorbed', code: null, counts: { duplicates: 1, added: 4 } });
  t.like(row.findings, [{ code: 'duplicate_event', severity: 'warning', times: 1, baseId: 'twice' }]);
  const prices = (await line.catalogue())
    .filter(({ title }) => title === 'Twice')
    .map(({ minPrice }) => minPrice);
  t.deepEqual(prices.toSorted(), [1500, 200]);
});

test('of a duplicate plan whose last copy is invalid, the valid one is taken', async (t) => {
  const line = await knownLine(t);
  const twice = [plan({ id: 'x' }), plan({ id: 'x', ...price('-1') })];
  const { row } = await line.hear(around(record(base({ id: 'twice', title: 'Twice', plans: twice }))));
  t.like(row.counts, { added: 3, quarantined: 1 });
  t.true((await line.titles()).includes('Twice'));
});

test('a known plan that becomes invalid keeps its values', async (t) => {
  const line = await knownLine(t);
  const [tram, stages] = knownBases;
  const impossible = { ...tram!, plans: [plan({ end: '2021-06-31T00:00:00' })] };
  const { row } = await line.hear(feedOf([record(impossible), record(stages!)]));
  t.like(row, { outcome: 'unchanged', counts: { quarantined: 1, withdrawn: 0 } });
  t.like(row.findings, [{ code: 'date_impossible', planId: '1', times: 1 }]);
  t.is(line.listings()['291/1'], 'listed');
});
