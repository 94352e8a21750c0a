// The delay of requests by a busy event loop, computed from the durations of its turns.

import test from 'ava';
import { delayOf } from '../../load/hosts/workers.ts';

const near = (value: number, wanted: number): boolean => Math.abs(value - wanted) < 0.05;

test('a loop that was never busy delays no request', (t) => {
  const { p99Ms, maxMs } = delayOf([], 1000);
  t.true(near(p99Ms, 0));
  t.is(maxMs, 0);
});

test('one long turn delays the requests that arrive during it: the later, the less', (t) => {
  // The turn takes 100 of 1000 ms; one request in a hundred arrives in its first 10 ms and waits 90 ms or more.
  t.true(near(delayOf([100], 1000).p99Ms, 90));
  // 10 of 1000 ms are exactly one in a hundred.
  t.true(near(delayOf([10], 1000).p99Ms, 0));
  t.is(delayOf([10, 100, 3], 1000).maxMs, 100);
});

test('many turns add up', (t) => {
  // The first half millisecond of each of these 20 turns adds up to one in a hundred.
  t.true(
    near(
      delayOf(
        Array.from({ length: 20 }, () => 5),
        1000,
      ).p99Ms,
      4.5,
    ),
  );
});
