import test from 'ava';
import { answer } from '#/search/answer.ts';
import { search } from '#/search/search.ts';
import { createView } from '#/search/view.ts';
import { decodeSegment } from '#/snapshot/segment.ts';
import { buildAll, everything, randomEvents, viewOf } from '../_support/catalogue.ts';
import { randomOf } from '../_support/random.ts';

const events = randomEvents(randomOf(7), {
  events: 500,
  from: Date.UTC(2020, 0, 1),
  to: Date.UTC(2022, 11, 31),
});

test('an answer knows how many bytes it has', (t) => {
  const view = viewOf(events, 50);
  for (const { start, end } of events) {
    for (const range of [everything, { start, end }, { start, end: Infinity }]) {
      const { parts, bytes } = answer(search(view, range));
      t.is(Buffer.concat(parts).length, bytes);
    }
  }
});

test('an answer is made of the segments\u2019 own bytes, and copies none of them', (t) => {
  const view = viewOf(events, 50);
  const { parts } = answer(search(view, everything));
  t.is(parts.length, view.segments.length + 2, 'the two ends of the envelope, and the rest');
  view.segments.forEach((segment, i) => t.is(parts[i + 1]!.buffer, segment.text.buffer));
});

test('a view shares the segments that it is given, in the order of time', (t) => {
  const built = buildAll(events, 50);
  const segments = new Map(built.map(({ entry, bytes }) => [entry.hash, decodeSegment(bytes)]));
  const view = createView(7, segments);
  t.is(view.version, 7);
  t.is(view.events, events.length);
  t.deepEqual([...view.segments], [...segments.values()]);
  for (const [hash, segment] of segments) t.is(view.byHash.get(hash), segment);
});
