// The schedule with chance held still: 0 gives the least jitter, 0.5 none at all.

import test from 'ava';
import { createSchedule, type Schedule } from '#/provider/schedule.ts';
import { seededFor } from '../_support/random.ts';

const pace = { pollMs: 60_000, pollMsMax: 240_000 };
const still = (): number => 0.5;
const schedule = (random = still): Schedule => createSchedule(pace, random);

test('a feed that changes is asked at its interval', (t) => {
  const { next } = schedule();
  for (let i = 0; i < 5; i++) t.is(next('changed', null), 60_000);
});

test('a feed that stays quiet is asked later and later, up to a limit', (t) => {
  const { next } = schedule();
  const waits = Array.from({ length: 6 }, () => next('quiet', null));
  t.deepEqual(waits, [90_000, 135_000, 202_500, 240_000, 240_000, 240_000]);
});

test('a quiet feed that changes again is asked sooner and sooner, down to its interval', (t) => {
  const { next } = schedule();
  for (let i = 0; i < 6; i++) next('quiet', null);
  const waits = Array.from({ length: 4 }, () => next('changed', null));
  t.deepEqual(waits, [120_000, 60_000, 60_000, 60_000]);
});

test('a provider that fails is asked later and later, up to a limit, and never sooner than at its interval', (t) => {
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

test('after a failure all goes on at the pace from before', (t) => {
  const one = schedule();
  one.next('quiet', null);
  one.next('failed', null);
  t.is(one.failures, 1);
  t.is(one.next('changed', null), 60_000);
  t.is(one.failures, 0);
});

test('what the provider asks for is waited at least, after any run', (t) => {
  for (const tick of ['changed', 'quiet', 'failed'] as const) {
    t.is(schedule().next(tick, 200_000), 200_000);
    t.true(schedule().next(tick, 10) >= 57_000);
    t.true(schedule().next(tick, 0) >= 57_000);
  }
});

test('what the provider asks for ends at the longest interval after a success, and at an hour after a failure', (t) => {
  t.is(schedule().next('changed', 9_000_000), 240_000);
  t.is(schedule().next('failed', 9_000_000), 3_600_000);
});

test('a feed that is cut off and gives nothing new never opens the breaker, and closes one that is open', (t) => {
  const one = schedule();
  for (let i = 0; i < 20; i++) one.next('cut', null);
  t.deepEqual([one.isOpen, one.failures], [false, 20]);
  t.true(one.next('cut', null) <= 63_000);
  for (let i = 0; i < 5; i++) one.next('failed', null);
  t.true(one.isOpen);
  one.next('cut', null);
  t.false(one.isOpen);
});

test('the jitter is a tenth, and never goes below what was asked for', (t) => {
  t.is(createSchedule(pace, () => 0).next('changed', null), 57_000);
  t.is(createSchedule(pace, () => 0).next('changed', 60_000), 60_000);
  const random = seededFor(t);
  const { next } = createSchedule(pace, random.fraction);
  const waits = Array.from({ length: 500 }, () => next('changed', null));
  t.true(waits.every((wait) => wait >= 57_000 && wait <= 63_000));
  t.true(new Set(waits).size > 400);
});
