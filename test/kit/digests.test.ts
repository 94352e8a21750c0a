// The table of digests compared with a Map.

import { hash } from 'node:crypto';
import test from 'ava';
import { createDigests } from '#/kit/digests.ts';
import { seededFor, type Random } from '../_support/random.ts';

/** Many have equal first bytes, so that they collide in the table. */
function digestOf(random: Random): string {
  const digest = hash('sha256', `${random.int(0, 20_000)}`);
  return random.chance(0.5) ? digest : `0000${digest.slice(4)}`;
}

test('a digest has the value that was set last, until it is deleted', (t) => {
  const random = seededFor(t);
  const digests = createDigests();
  const expected = new Map<string, number>();
  for (let i = 1; i <= 100_000; i++) {
    const digest = digestOf(random);
    if (random.chance(0.6)) {
      digests.set(digest, i);
      expected.set(digest, i);
    } else {
      digests.delete(digest);
      expected.delete(digest);
    }
    const other = digestOf(random);
    if (digests.get(other) !== (expected.get(other) ?? 0)) t.is(digests.get(other), expected.get(other) ?? 0);
  }
  for (const [digest, number] of expected) if (digests.get(digest) !== number) t.fail(digest);
  t.true(expected.size > 1000);
});

test('row ids of more than 32 bits are preserved', (t) => {
  const digests = createDigests();
  const digest = hash('sha256', 'a');
  digests.set(digest, 2 ** 52 + 1);
  t.is(digests.get(digest), 2 ** 52 + 1);
});
