import test from 'ava';
import { createRestarts, crashLoop, intensity } from '#/supervisor/processes/restarts.ts';

test('the first restart is immediate, the next ones have growing delays, up to half a minute', (t) => {
  const restarts = createRestarts(
    () => 0,
    () => 1,
  );
  const waits = Array.from({ length: 12 }, () => restarts.died());
  t.deepEqual(waits.slice(0, 5), [0, 250, 500, 1000, 2000]);
  t.is(waits.at(-1), 30_000);
});

test('delays have jitter, so that processes do not restart together', (t) => {
  const waitOf = (random: number): number => {
    const restarts = createRestarts(
      () => 0,
      () => random,
    );
    restarts.died();
    restarts.died();
    return restarts.died();
  };
  t.is(waitOf(0), 250);
  t.is(waitOf(1), 500);
});

test('five deaths in a row are a crash loop, until a process has run for long enough', (t) => {
  let now = 0;
  const restarts = createRestarts(
    () => now,
    () => 0.5,
  );
  for (let i = 1; i < crashLoop; i++) restarts.died();
  t.false(restarts.degraded);
  restarts.died();
  t.true(restarts.degraded);
  now = 15_000;
  restarts.steady();
  t.false(restarts.degraded);
  t.is(restarts.died(), 0);
});

test('ten deaths in ten minutes are a crash loop, however long the processes ran in between', (t) => {
  let now = 0;
  const restarts = createRestarts(
    () => now,
    () => 0.5,
  );
  for (let i = 0; i < intensity.deaths; i++) {
    t.false(restarts.degraded);
    now += 20_000;
    restarts.died();
    restarts.steady();
  }
  t.true(restarts.degraded);
  now += intensity.windowMs;
  t.false(restarts.degraded, 'and it is forgotten in time');
});
