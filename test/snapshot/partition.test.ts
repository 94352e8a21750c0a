import test from 'ava';
import { dayFromCivil } from '#/domain/time/calendar.ts';
import { Temporal } from '#/domain/time/temporal.ts';
import { partition, sliceEventsMax, type Slice } from '#/snapshot/partition.ts';
import { seededFor } from '../_support/random.ts';

type Counts = ReadonlyMap<number, number>;

const on = (text: string): number => {
  const { year, month, day } = Temporal.PlainDate.from(text);
  return dayFromCivil(year, month, day);
};
const counts = (days: Record<string, number>): Counts =>
  new Map(Object.entries(days).map(([day, events]) => [on(day), events]));
const keys = (slices: readonly Slice[]): string[] => slices.map(({ key }) => key);

/** The rule, literally: group by year; too large years by month; too large months by day. */
function truth(given: Counts, eventsMax: number): [key: string, events: number][] {
  const dated = [...given]
    .filter(([, events]) => events > 0)
    .map(([day, events]) => ({
      date: Temporal.PlainDate.from('1970-01-01').add({ days: day }).toString(),
      events,
    }));
  const sum = (prefix: string): number =>
    dated.filter(({ date }) => date.startsWith(prefix)).reduce((total, { events }) => total + events, 0);
  const keyOf = (date: string): string =>
    [4, 7].map((length) => date.slice(0, length)).find((prefix) => sum(prefix) <= eventsMax) ?? date;
  return [...new Set(dated.map(({ date }) => keyOf(date)))].toSorted().map((key) => [key, sum(key)]);
}

test('a catalogue without events has no slices', (t) => {
  t.deepEqual(partition(new Map()), []);
  t.deepEqual(partition(counts({ '2021-06-30': 0 })), []);
});

test('a year stays whole up to the limit, and is divided into months beyond it', (t) => {
  const half = sliceEventsMax / 2;
  t.deepEqual(keys(partition(counts({ '2021-06-30': half, '2021-07-01': half }))), ['2021']);
  t.deepEqual(keys(partition(counts({ '2021-06-30': half, '2021-07-01': half + 1 }))), [
    '2021-06',
    '2021-07',
  ]);
});

test('a month beyond the limit is divided into days, and its neighbours are not', (t) => {
  const days = counts({
    '2021-05-01': 1,
    '2021-06-29': 3,
    '2021-06-30': 3,
    '2021-12-31': 2,
    '2022-01-01': 4,
  });
  t.deepEqual(keys(partition(days, 5)), ['2021-05', '2021-06-29', '2021-06-30', '2021-12', '2022']);
});

test('a day is never divided, however many events it has', (t) => {
  t.deepEqual(partition(counts({ '2021-06-30': 1e6 })), [
    { key: '2021-06-30', fromDay: on('2021-06-30'), toDay: on('2021-07-01'), events: 1e6 },
  ]);
});

test('slices end at the start of the next year, month or day', (t) => {
  const [year] = partition(counts({ '2020-02-29': 1 }));
  t.deepEqual([year?.fromDay, year?.toDay], [on('2020-01-01'), on('2021-01-01')]);
  const [february, december] = partition(counts({ '2020-02-29': 1, '2020-12-31': 1 }), 1);
  t.deepEqual([february?.fromDay, february?.toDay], [on('2020-02-01'), on('2020-03-01')]);
  t.deepEqual([december?.fromDay, december?.toDay], [on('2020-12-01'), on('2021-01-01')]);
});

test('years of fewer or more than four digits have keys of their own', (t) => {
  const days = [
    dayFromCivil(-1, 12, 31),
    dayFromCivil(0, 1, 1),
    dayFromCivil(987, 1, 1),
    dayFromCivil(10_000, 1, 1),
  ];
  t.deepEqual(keys(partition(new Map(days.map((day) => [day, 1])))), ['-0001', '0000', '0987', '10000']);
});

test('random catalogues are divided by the rule, completely, in order, and always in the same way', (t) => {
  const random = seededFor(t);
  for (let round = 0; round < 300; round++) {
    const eventsMax = random.int(1, 40);
    const days = Array.from({ length: random.int(0, 60) }, (): [number, number] => [
      random.int(on('2020-11-01'), on('2022-03-31')),
      random.int(0, 12),
    ]);
    const given = new Map(days);
    const slices = partition(given, eventsMax);
    t.deepEqual(
      slices.map(({ key, events }) => [key, events]),
      truth(given, eventsMax),
    );
    slices.forEach(({ fromDay, toDay }, i) => {
      if (fromDay >= toDay || fromDay < (slices[i - 1]?.toDay ?? -Infinity)) t.fail('slices overlap');
    });
    for (const [day, events] of given) {
      const covering = slices.filter(({ fromDay, toDay }) => day >= fromDay && day < toDay);
      if (events > 0 && covering.length !== 1) t.fail(`day ${day} is in ${covering.length} slices`);
    }
    t.deepEqual(partition(new Map(random.shuffled([...given])), eventsMax), slices);
  }
});
