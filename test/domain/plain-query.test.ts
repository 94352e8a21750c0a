// The fast parser of queries compared with the full one: it may decline a query, but must never differ from the full one.

import test from 'ava';
import { parsePlainQuery } from '#/domain/plain-query.ts';
import { parseAnyQuery } from '#/domain/query.ts';
import { seededFor, type Random } from '../_support/random.ts';

const drawn = 60_000;
const two = (number: number): string => String(number).padStart(2, '0');

/** Mostly an instant; months, days and hours slightly exceed the valid range. */
function randomInstant(random: Random): string {
  const date = `${random.pick(['2021', '2024', '1900', '0000', '9999'])}-${two(random.int(0, 13))}-${two(random.int(0, 32))}`;
  if (random.chance(0.3)) return date;
  const colon = random.pick([':', ':', '%3A', '%3a', '%3B', '']);
  const time = [random.int(0, 24), random.int(0, 60), random.int(0, 60)].map(two).join(colon);
  const fraction = random.pick(['', '', '.000', '.123', '.1', '.1239', '.']);
  return `${date}${random.pick(['T', 'T', 'T', 't', ' ', '+'])}${time}${fraction}${random.pick(['Z', 'Z', '', 'z', '+02:00', '%2B02:00'])}`;
}

function randomQuery(random: Random): string {
  const parameter = (): string =>
    `${random.pick(['starts_at', 'starts_at', 'ends_at', 'ends_at', 'page', 'starts_a%74', ''])}${random.pick(['=', '=', '=', ''])}${randomInstant(random)}`;
  const query = Array.from({ length: random.pick([0, 1, 2, 2, 2, 3]) }, parameter).join(
    random.pick(['&', '&', '&', '&&', ';']),
  );
  if (random.chance(0.8)) return query;
  // One character is removed, doubled or replaced.
  const at = random.int(0, query.length);
  return (
    query.slice(0, at) +
    random.pick(['', query.charAt(at) + query.charAt(at), '\u0660', '0', '&', '%']) +
    query.slice(at + 1)
  );
}

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
