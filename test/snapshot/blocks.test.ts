import test from 'ava';
import { cutBlocks } from '#/snapshot/blocks.ts';
import { seededFor } from '../_support/random.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

const cut = (events: readonly (readonly [start: number, length: number])[]): number[] => [
  ...cutBlocks(
    Float64Array.from(events, ([start]) => start),
    Float64Array.from(events, ([start, length]) => start + length),
  ),
];
const short = (i: number): [number, number] => [i * hourMs, 2 * hourMs];

test('one event is one block', (t) => t.deepEqual(cut([short(0)]), [0]));

test('a block is full with 64 events', (t) => {
  t.deepEqual(cut(Array.from({ length: 64 }, (_, i) => short(i))), [0]);
  t.deepEqual(cut(Array.from({ length: 130 }, (_, i) => short(i))), [0, 64, 128]);
});

test('an event of weeks has a block of its own, so that it widens none of its neighbours', (t) => {
  t.deepEqual(cut([short(0), short(1), [2 * hourMs, 20 * dayMs], short(3), short(4)]), [0, 2, 3]);
});

test('long events share a block where they end near each other', (t) => {
  const festival = (i: number): [number, number] => [i * hourMs, 10 * dayMs];
  t.deepEqual(cut([festival(0), festival(1), festival(2)]), [0]);
  t.deepEqual(cut([festival(0), [hourMs, 20 * dayMs], [2 * hourMs, 20 * dayMs]]), [0, 1]);
});

test('blocks begin with the first event, rise, and keep to 64, whatever comes', (t) => {
  const random = seededFor(t);
  for (let round = 0; round < 500; round++) {
    let at = -1000 * dayMs;
    const events = Array.from({ length: random.int(1, 300) }, (): [number, number] => {
      at += random.pick([0, 0, hourMs, 40 * dayMs]);
      return [at, random.pick([0, hourMs, 36 * hourMs, 36 * hourMs + 1, 30 * dayMs])];
    });
    const firsts = cut(events);
    t.is(firsts[0], 0);
    for (const [i, first] of firsts.entries()) {
      const size = (firsts[i + 1] ?? events.length) - first;
      if (size < 1 || size > 64) t.fail(`a block of ${size}`);
    }
  }
});
