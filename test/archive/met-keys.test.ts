// The keys that a run has met compared with a Set.

import test from 'ava';
import { createMetKeys } from '#/archive/absorbing/met-keys.ts';
import { seededFor } from '../_support/random.ts';

test('a key that was met is never taken for a new one, and few others are taken for it', (t) => {
  const random = seededFor(t);
  const met = createMetKeys();
  const expected = new Set<string>();
  let wrong = 0;
  for (let round = 0; round < 400; round++) {
    const keys = Array.from({ length: random.int(0, 300) }, () => `base ${random.int(0, 60_000)}`);
    const again = new Set(met.again(keys));
    for (const key of keys) {
      // Within the same keys, the second time counts too.
      if (expected.has(key) && !again.has(key)) t.fail(key);
      if (!expected.has(key) && again.has(key)) wrong++;
      expected.add(key);
    }
  }
  t.true(expected.size > 30_000);
  // Keys that are twice in one call, and those of the same 32 bits.
  t.true(wrong < 500, `${wrong} of ${expected.size}`);
});

test('keys that are asked for together are met by each other', (t) => {
  const met = createMetKeys();
  t.deepEqual(met.again(['a', 'b', 'a']), ['a']);
  t.deepEqual(met.again(['c', 'b', '']), ['b']);
  t.deepEqual(met.again(['']), ['']);
});
