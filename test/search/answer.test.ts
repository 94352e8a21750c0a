import test from 'ava';
import { answer } from '#/search/answer.ts';
import { search } from '#/search/search.ts';
import { createView } from '#/search/view.ts';
import { createMergedTexts } from '#/search/merge.ts';
import { decodeSegment } from '#/snapshot/segment.ts';
import { buildAll, everything, randomEvents, truthOf, viewOf } from '../_support/catalogue.ts';
import { randomOf, seededFor } from '../_support/random.ts';

const years = { from: Date.UTC(2020, 0, 1), to: Date.UTC(2022, 11, 31) };
const events = randomEvents(randomOf(7), { events: 500, ...years });

test('an answer knows how many bytes it has', (t) => {
  const view = viewOf(events, 50);
  for (const { start, end } of events) {
    for (const range of [everything, { start, end }, { start, end: Infinity }]) {
      const { parts, bytes } = answer(search(view, range));
      t.is(Buffer.concat(parts).length, bytes);
    }
  }
});

test('a long answer consists of the bytes of its segments, and copies only short parts', (t) => {
  const view = viewOf(randomEvents(randomOf(8), { events: 3000, ...years, longShare: 0 }), 500);
  const { parts } = answer(search(view, everything));
  t.is(parts.length, view.segments.length + 2, 'the two ends of the envelope, and the rest');
  view.segments.forEach((segment, i) => t.is(parts[i + 1]!.buffer, segment.brief.text.buffer));
});

test('an answer is the same with little to copy to, with much, and with merged texts', (t) => {
  const random = seededFor(t);
  for (const longShare of [0, 0.1, 0.5, 1]) {
    const own = randomEvents(random, { events: 1500, ...years, longShare });
    const view = viewOf(own, 300);
    const merged = createMergedTexts(200_000);
    for (let i = 0; i < 60; i++) {
      const { start } = random.pick(own);
      const range = random.pick([everything, { start, end: Infinity }, { start: -Infinity, end: start }]);
      const wanted = truthOf(own, range);
      for (const scratch of [random.int(100, 2000), 100_000, 1_000_000].map((size) => Buffer.alloc(size))) {
        for (const texts of [null, merged]) {
          const { parts, bytes } = answer(search(view, range), texts, scratch);
          const seen = Buffer.concat(parts);
          t.is(seen.length, bytes);
          if (seen.toString() !== wanted) t.fail(`${scratch.length} bytes to copy to`);
        }
      }
    }
  }
});

test('merged texts stay within their limit, and belong to segments of the view', (t) => {
  const segments = viewOf(events, 50).segments.filter(({ whole }) => whole !== null);
  const lengthOf = ({ brief, long }: (typeof segments)[number]) => brief.text.length + long.text.length;
  const [first, second, third] = segments;
  const merged = createMergedTexts(lengthOf(first!) + lengthOf(second!));
  const text = merged.textOf(first!);
  t.truthy(text);
  t.truthy(merged.textOf(second!));
  t.is(merged.textOf(third!), null, 'no room, and no other text is evicted');
  t.is(merged.textOf(first!), text, 'made once');
  merged.keepOnly(createView(2, new Map([['second', second!]])));
  t.not(merged.textOf(first!), text, 'forgotten, and there was room again');
});

test('a view shares its segments, in the order of time', (t) => {
  const built = buildAll(events, 50);
  const segments = new Map(built.map(({ entry, bytes }) => [entry.hash, decodeSegment(bytes)]));
  const view = createView(7, segments);
  t.is(view.version, 7);
  t.is(view.events, events.length);
  t.deepEqual([...view.segments], [...segments.values()]);
  for (const [hash, segment] of segments) t.is(view.byHash.get(hash), segment);
});
