// The schedule with fixed random numbers: 0 gives the lowest jitter, 0.5 none.

import test from 'ava';
import { createSchedule, type Schedule } from '#/provider/schedule.ts';
import { seededFor } from '../_support/random.ts';

const pace = { pollMs: 60_000, pollMsMax: 240_000 };
const still = (): number => 0.5;
const schedule = (random = still): Schedule => createSchedule(pace, random);

test('a feed that changes is polled at its interval', (t) => {
  const { next } = schedule();
  for (let i = 0; i < 5; i++) t.is(next('changed', null), 60_000);
});

test('an unchanged feed is polled at growing intervals, up to a limit', (t) => {
  const { next } = schedule();
  const waits = Array.from({ length: 6 }, () => next('quiet', null));
  t.deepEqual(waits, [90_000, 135_000, 202_500, 240_000, 240_000, 240_000]);
});

test('a feed that changes again is polled at shrinking intervals, down to its own', (t) => {
  const { next } = schedule();
  for (let i = 0; i < 6; i++) next('quiet', null);
  const waits = Array.from({ length: 4 }, () => next('changed', null));
  t.deepEqual(waits, [120_000, 60_000, 60_000, 60_000]);
});

test('a failing provider is polled at growing intervals, up to a limit, and never below its own interval', (t) => {
  const patient = createSchedule(pace, still);
  const waits = Array.from({ length: 12 }, () => patient.next('failed', null));
  t.is(waits[0], 60_000);
  t.deepEqual(
    waits,
    waits.toSorted((a, b) => a - b),
  );
  t.true(waits.every((wait) => wait <= 600_000));
  t.is(waits.at(-1), 450_000, 'ten minutes before jitter');
  t.is(patient.failures, 12);
  const hasty = createSchedule({ pollMs: 50, pollMsMax: 50 }, still);
  t.true(hasty.next('failed', null) >= 500, 'An impatient interval does not hold when it fails.');
});

test('after a failure, polling continues at the interval from before', (t) => {
  const one = schedule();
  one.next('quiet', null);
  one.next('failed', null);
  t.is(one.failures, 1);
  t.is(one.next('changed', null), 60_000);
  t.is(one.failures, 0);
});

test('the wait requested by the provider is respected after any run', (t) => {
  for (const tick of ['changed', 'quiet', 'failed'] as const) {
    t.is(schedule().next(tick, 200_000), 200_000);
    t.true(schedule().next(tick, 10) >= 57_000);
    t.true(schedule().next(tick, 0) >= 57_000);
  }
});

test('the wait requested by the provider is limited to the longest interval after a success, and to an hour after a failure', (t) => {
  t.is(schedule().next('changed', 9_000_000), 240_000);
  t.is(schedule().next('failed', 9_000_000), 3_600_000);
});

test('a truncated feed without changes never opens the breaker, and closes an open one', (t) => {
  const one = schedule();
  for (let i = 0; i < 20; i++) one.next('cut', null);
  t.deepEqual([one.isOpen, one.failures], [false, 20]);
  t.true(one.next('cut', null) <= 63_000);
  for (let i = 0; i < 5; i++) one.next('failed', null);
  t.true(one.isOpen);
  one.next('cut', null);
  t.false(one.isOpen);
});

test('the jitter is a tenth, and the wait is never shorter than requested', (t) => {
  t.is(createSchedule(pace, () => 0).next('changed', null), 57_000);
  t.is(createSchedule(pace, () => 0).next('changed', 60_000), 60_000);
  const random = seededFor(t);
  const { next } = createSchedule(pace, random.fraction);
  const waits = Array.from({ length: 500 }, () => next('changed', null));
  t.true(waits.every((wait) => wait >= 57_000 && wait <= 63_000));
  t.true(new Set(waits).size > 400);
});
