import test from 'ava';
import { createRecent } from '#/http/recent.ts';

/** Often enough to be remembered. */
function ask(recent: ReturnType<typeof createRecent<string>>, query: string, times = 8): void {
  for (let i = 0; i < times; i++) if (recent.get(query) === undefined) recent.put(query, query.toUpperCase());
}

test('what is asked often is remembered', (t) => {
  const recent = createRecent<string>();
  ask(recent, 'a', 8);
  t.is(recent.get('a'), 'A');
});

test('what is asked again outlives any number of queries that are asked once', (t) => {
  const recent = createRecent<string>();
  ask(recent, 'a');
  for (let i = 0; i < 100_000; i++) {
    recent.put(`once=${i}`, 'x');
    if (i % 100 === 0) t.is(recent.get('a'), 'A');
  }
  const kept = Array.from({ length: 100_000 }, (_, i) => recent.get(`once=${i}`)).filter(Boolean);
  t.true(kept.length > 100 && kept.length <= 2 * 512, `${kept.length} of those asked once are still there`);
});

test('a query of a length that nobody writes is not remembered, and all can be forgotten', (t) => {
  const recent = createRecent<string>();
  const long = 'x'.repeat(2000);
  ask(recent, long, 50);
  t.is(recent.get(long), undefined);
  ask(recent, 'a');
  recent.forget();
  t.is(recent.get('a'), undefined);
});
