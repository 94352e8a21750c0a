// What a store holds and no kept version names is removed: at once when a version was dropped, else at the next listing.

import test from 'ava';
import { createSweep } from '#/store/sweep.ts';

interface Stage {
  readonly held: Set<string>;
  readonly lists: () => number;
  pass(ms: number): void;
  sweep(...named: string[]): Promise<void>;
  failNext(): void;
}

function stage(...held: string[]): Stage {
  const all = new Set(held);
  let [now, lists, fails] = [0, 0, false];
  const sweep = createSweep(() => now);
  return {
    held: all,
    lists: () => lists,
    pass: (ms) => void (now += ms),
    failNext: () => void (fails = true),
    sweep: (...named) =>
      sweep.run(
        new Set(named),
        () => {
          lists++;
          return Promise.resolve([...all]);
        },
        (unnamed) => {
          if (fails) {
            fails = false;
            return Promise.reject(new Error('EIO'));
          }
          for (const name of unnamed) all.delete(name);
          return Promise.resolve();
        },
      ),
  };
}

test('the first sweep lists the store, and removes what a killed publisher left', async (t) => {
  const { held, sweep, lists } = stage('a', 'b', 'stray');
  await sweep('a', 'b');
  t.deepEqual([...held], ['a', 'b']);
  t.is(lists(), 1);
});

test('what a dropped version named is removed without a listing', async (t) => {
  const { held, sweep, lists } = stage('a', 'b');
  await sweep('a', 'b');
  held.add('c');
  await sweep('b', 'c');
  t.deepEqual([...held], ['b', 'c']);
  t.is(lists(), 1);
});

test('what no version ever named waits for the next listing, a minute later', async (t) => {
  const { held, sweep, pass, lists } = stage('a');
  await sweep('a');
  held.add('stray');
  pass(59_999);
  await sweep('a');
  t.true(held.has('stray'));
  pass(1);
  await sweep('a');
  t.false(held.has('stray'));
  t.is(lists(), 2);
});

test('a clock that is set back makes the next sweep list the store', async (t) => {
  const { held, sweep, pass } = stage('a');
  await sweep('a');
  held.add('stray');
  pass(-3_600_000);
  await sweep('a');
  t.false(held.has('stray'));
});

test('a sweep that failed is repeated', async (t) => {
  const { held, sweep, failNext, lists } = stage('a', 'stray');
  failNext();
  await t.throwsAsync(sweep('a'), { message: 'EIO' });
  await sweep('a');
  t.deepEqual([...held], ['a']);
  t.is(lists(), 2);
  held.add('b');
  failNext();
  await t.throwsAsync(sweep('b'), { message: 'EIO' });
  t.true(held.has('a'));
  await sweep('b');
  t.deepEqual([...held], ['b']);
});
