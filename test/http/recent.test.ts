import test from 'ava';
import type { Range } from '#/domain/range.ts';
import { createRecent, type Recent } from '#/http/recent.ts';

interface Named {
  readonly range: Range;
  readonly name: string;
}

const rangeAt = (i: number): Range => ({ start: i * 3_600_000, end: i * 3_600_000 + 7_199_999 });

/** Often enough to be cached. */
function ask(recent: Recent<Named>, range: Range, name: string): void {
  for (let i = 0; i < 8; i++) if (recent.get(range) === undefined) recent.put({ range, name });
}

test('a frequent query is cached', (t) => {
  const recent = createRecent<Named>();
  ask(recent, rangeAt(1), 'a');
  t.is(recent.get(rangeAt(1))?.name, 'a');
  t.is(recent.get({ ...rangeAt(1), end: 0 }), undefined);
});

test('a repeated query stays cached among any number of queries that occur once', (t) => {
  const recent = createRecent<Named>();
  ask(recent, rangeAt(-1), 'a');
  for (let i = 0; i < 100_000; i++) {
    recent.put({ range: rangeAt(i), name: 'x' });
    if (i % 100 === 0) t.is(recent.get(rangeAt(-1))?.name, 'a');
  }
  const kept = Array.from({ length: 100_000 }, (_, i) => recent.get(rangeAt(i))).filter(Boolean);
  t.true(kept.length > 500 && kept.length <= 1024, `${kept.length} of those asked once are still there`);
});

test('absent and distant bounds are distinguished, and the cache can be cleared', (t) => {
  const recent = createRecent<Named>();
  const ranges = [
    { start: -Infinity, end: Infinity },
    { start: 0, end: Infinity },
    { start: 2 ** 32, end: Infinity },
    { start: -Infinity, end: 2 ** 50 },
  ];
  for (const [i, range] of ranges.entries()) {
    ask(recent, range, String(i));
    t.is(recent.get(range)?.name, String(i));
  }
  t.not(recent.get({ start: 2 ** 32, end: Infinity })?.name, '1');
  recent.forget();
  for (const range of ranges) t.is(recent.get(range), undefined);
});
