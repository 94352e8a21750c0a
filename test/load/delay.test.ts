// What requests would have waited for a busy event loop, from how long its turns took.

import test from 'ava';
import { delayOf } from '../../load/hosts/workers.ts';

const near = (value: number, wanted: number): boolean => Math.abs(value - wanted) < 0.05;

test('a loop that was never busy delays nobody', (t) => {
  const { p99Ms, maxMs } = delayOf([], 1000);
  t.true(near(p99Ms, 0));
  t.is(maxMs, 0);
});

test('one long turn delays those who came in it: the later, the less', (t) => {
  // Of 1000 ms, 100 are in the turn; one in a hundred came in its first 10 ms, and waited 90 ms or more.
  t.true(near(delayOf([100], 1000).p99Ms, 90));
  // 10 ms in 1000 are the one in a hundred themselves.
  t.true(near(delayOf([10], 1000).p99Ms, 0));
  t.is(delayOf([10, 100, 3], 1000).maxMs, 100);
});

test('many turns add up', (t) => {
  // Of each of these 20 turns, the first half millisecond makes up one in a hundred.
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
