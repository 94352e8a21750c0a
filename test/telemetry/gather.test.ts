// The sums of a slot over all its processes, and which processes a scrape waits for.

import test from 'ava';
import { createGather } from '#/telemetry/gather.ts';
import type { Reading } from '#/telemetry/reading.ts';

const reading = (count: number, heap: number): Reading => [
  {
    name: 'answers_total',
    type: 'counter',
    help: '',
    values: [{ labels: { route: '/search' }, value: count }],
  },
  {
    name: 'seconds',
    type: 'histogram',
    help: '',
    values: [
      { metricName: 'seconds_bucket', labels: { le: 0.1 }, value: count },
      { metricName: 'seconds_bucket', labels: { le: '+Inf' }, value: count },
      { metricName: 'seconds_sum', labels: {}, value: count / 100 },
      { metricName: 'seconds_count', labels: {}, value: count },
    ],
  },
  { name: 'heap_bytes', type: 'gauge', help: '', values: [{ labels: {}, value: heap }] },
];

const valuesOf = (told: Reading, name: string): Record<string, number> =>
  Object.fromEntries(
    told
      .filter((family) => family.name === name)
      .flatMap(({ values }) => values)
      .map(({ metricName, labels, value }) => [
        [metricName ?? name, ...Object.values(labels)].join(' '),
        value,
      ]),
  );

test('the counters of a dead process stay in the sum of its slot, and its gauges are removed', async (t) => {
  const gather = createGather(1000);
  gather.started('0', 11, () => gather.heard(11, reading(40, 7)));
  const first = await gather.gather();
  t.deepEqual(valuesOf(first.reading, 'answers_total'), { 'answers_total 0 /search': 40 });

  gather.heard(11, reading(45, 8));
  gather.ended(11);
  const between = await gather.gather();
  t.deepEqual(valuesOf(between.reading, 'answers_total'), { 'answers_total 0 /search': 45 });
  t.deepEqual(valuesOf(between.reading, 'heap_bytes'), {});

  gather.started('0', 12, () => gather.heard(12, reading(5, 3)));
  const { reading: after, silent } = await gather.gather();
  t.deepEqual(valuesOf(after, 'answers_total'), { 'answers_total 0 /search': 50 });
  t.deepEqual(valuesOf(after, 'seconds'), {
    'seconds_bucket 0 0.1': 50,
    'seconds_bucket 0 +Inf': 50,
    'seconds_sum 0': 0.5,
    'seconds_count 0': 50,
  });
  t.deepEqual(valuesOf(after, 'heap_bytes'), { 'heap_bytes 0': 3 });
  t.deepEqual(silent, []);
});

test('a report that arrives after the end of a process is not counted twice', async (t) => {
  const gather = createGather(1000);
  gather.started('0', 11, () => undefined);
  gather.heard(11, reading(40, 7));
  gather.ended(11);
  gather.heard(11, reading(41, 7));
  gather.ended(11);
  t.deepEqual(valuesOf((await gather.gather()).reading, 'answers_total'), { 'answers_total 0 /search': 40 });
});

test('two processes of one slot are added up during a replacement', async (t) => {
  const gather = createGather(1000);
  gather.started('0', 11, () => gather.heard(11, reading(40, 7)));
  gather.started('0', 12, () => gather.heard(12, reading(2, 3)));
  t.deepEqual(valuesOf((await gather.gather()).reading, 'answers_total'), { 'answers_total 0 /search': 42 });
});

test('a process that does not answer is named, counts with its last report, and is requested only once', async (t) => {
  const gather = createGather(50);
  let asked = 0;
  gather.started('0', 11, () => asked++);
  gather.started('1', 12, () => gather.heard(12, reading(3, 4)));
  gather.heard(11, reading(40, 7));
  for (let scrape = 0; scrape < 3; scrape++) {
    const { reading: told, silent } = await gather.gather();
    t.deepEqual(silent, ['0']);
    t.deepEqual(valuesOf(told, 'answers_total'), {
      'answers_total 0 /search': 40,
      'answers_total 1 /search': 3,
    });
    t.deepEqual(valuesOf(told, 'heap_bytes'), { 'heap_bytes 1': 4 });
  }
  t.is(asked, 1);
  gather.heard(11, reading(41, 9));
  const { silent } = await gather.gather();
  t.deepEqual([silent, asked], [['0'], 2], 'it is asked again once it has answered');
});

test('the end of a process ends the wait for its report', async (t) => {
  const gather = createGather(60_000);
  gather.started('0', 11, () => undefined);
  const told = gather.gather();
  gather.ended(11);
  t.deepEqual((await told).silent, []);
});
