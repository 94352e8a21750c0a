// The fast parser of queries compared with the full one: it may decline a query, but must never differ from the full one.

import test from 'ava';
import { parsePlainQuery } from '#/domain/plain-query.ts';
import { parseAnyQuery } from '#/domain/query.ts';
import { randomQuery } from '../_support/queries.ts';
import { seededFor } from '../_support/random.ts';

const drawn = 60_000;
test('a query that the fast parser accepts has the result of the full one', (t) => {
  const random = seededFor(t);
  let plain = 0;
  for (let i = 0; i < drawn; i++) {
    const query = randomQuery(random);
    const quick = parsePlainQuery(query);
    if (quick === null) continue;
    plain++;
    const slow = parseAnyQuery(query);
    if (JSON.stringify(slow) !== JSON.stringify(quick)) t.deepEqual(slow, quick, query);
  }
  t.true(plain > drawn / 50, `${plain} were plain`);
});

for (const query of [
  '',
  'starts_at=2021-07-21T17:32:28Z&ends_at=2021-07-21T21:32:28Z',
  'ends_at=2021-07-21T21:32:28.123Z&starts_at=2021-07-21T17:32:28',
  'starts_at=2021-07-21T17%3A32%3A28.000Z&ends_at=2021-07-22',
  'starts_at=2021-07-21',
  'ends_at=2024-02-29T23:59:59Z',
]) {
  test(`?${query} is accepted by the fast parser`, (t) => {
    t.deepEqual(parsePlainQuery(query) as unknown, parseAnyQuery(query));
  });
}
