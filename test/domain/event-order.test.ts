// The orders of events compared with sorts that compare each two.

import { randomUUID } from 'node:crypto';
import test from 'ava';
import { orderOf, sortById } from '#/domain/event-order.ts';
import { seededFor, type Random } from '../_support/random.ts';

const before = (a = '', b = ''): number => (a < b ? -1 : a > b ? 1 : 0);

/** The places by (start, id). */
const placesBy = (starts: Float64Array, ids: readonly string[]): number[] =>
  ids
    .map((id, place) => ({ id, place, start: starts[place] ?? 0 }))
    .toSorted((a, b) => a.start - b.start || before(a.id, b.id))
    .map(({ place }) => place);

/** Distinct; some have the same first digits. */
function idsFor(random: Random, count: number): string[] {
  const beginnings = ['00000000-0000', 'ffffffff-ffff', '12345678-9abc', '12345678-9abd'];
  const ids = new Set<string>();
  while (ids.size < count) {
    const id = randomUUID();
    ids.add(random.chance(0.2) ? `${random.pick(beginnings)}${id.slice(13)}` : id);
  }
  return [...ids];
}

test('events are in the order of their ids', (t) => {
  const random = seededFor(t);
  for (let round = 0; round < 300; round++) {
    const ids = idsFor(random, random.int(0, round % 50 === 0 ? 9000 : 70));
    // Another system has ids of its own.
    if (round % 7 === 0) ids.push('B5', 'x', '12345678-9ABC-0000-0000-000000000000');
    const byId = new Uint32Array(ids.length);
    sortById(ids, byId);
    t.deepEqual(
      Array.from(byId, (place) => ids[place]),
      ids.toSorted(before),
    );
  }
});

test('events are in the order of their starts, and of their ids where these are the same', (t) => {
  const random = seededFor(t);
  const spans = [1, 3, 86_400_000, 9e15, 1e30];
  for (let round = 0; round < 300; round++) {
    const ids = idsFor(random, random.int(0, round % 50 === 0 ? 9000 : 70));
    // Around the span that still fits into one number with the place.
    const limit = 2 ** (53 - Math.ceil(Math.log2(ids.length + 1)));
    const span = random.pick([...spans, limit / 2, limit, 2 * limit, 4 * limit]);
    const base = random.pick([0, -1e12, 1.8e12]);
    const fraction = random.pick([0, 0.5]);
    const starts = Float64Array.from(
      ids,
      () => base + Math.floor(random.fraction() * span) + (random.chance(0.1) ? fraction : 0),
    );
    t.deepEqual([...orderOf(starts, ids)], placesBy(starts, ids));
  }
});

test('starts that are as far apart as still fits into one number, and a little farther, are in order', (t) => {
  for (const events of [2, 3, 7, 100]) {
    const limit = 2 ** (53 - Math.ceil(Math.log2(events + 1)));
    for (const span of [limit - 2, limit - 1, limit, limit + 1, 2 * limit, 4 * limit]) {
      const ids = Array.from(
        { length: events },
        (_, i) => `${String(events - i).padStart(8, '0')}-0000-5000-8000-000000000000`,
      );
      // All but one start late, close together: in too small a number they would be the same.
      const starts = Float64Array.from(ids, (_, i) => (i === 0 ? 0 : span - (i % 3)));
      t.deepEqual([...orderOf(starts, ids)], placesBy(starts, ids), `${events} events, ${span} ms`);
    }
  }
});
