// The set of UUIDs compared with a Set.

import { randomUUID } from 'node:crypto';
import test from 'ava';
import { createUuidSet } from '#/kit/uuid-set.ts';
import { seededFor } from '../_support/random.ts';

test('a UUID is new once', (t) => {
  const random = seededFor(t);
  const all = Array.from({ length: 20_000 }, () => randomUUID());
  // Equal first or last words, and words of zeros, share slots.
  for (let i = 0; i < 300; i++) {
    const number = String(i).padStart(8, '0');
    all.push(`00000000-0000-5000-8000-0000${number}`, `${number}-0000-5000-8000-000000000000`);
  }
  const set = createUuidSet();
  const expected = new Set<string>();
  // The first and the last 32 bits decide.
  const partsOf = (uuid: string): string =>
    `${uuid.slice(0, 8)} ${uuid.slice(-8).replace(/^0{8}$/, '00000001')}`;
  for (let i = 0; i < 60_000; i++) {
    const uuid = all[random.int(0, all.length - 1)] ?? '';
    const isNew = !expected.has(partsOf(uuid));
    // Within other bytes, as a batch has them.
    const before = ' '.repeat(random.int(0, 3));
    if (set.add(Buffer.from(`${before}${uuid}f`), before.length) !== isNew) t.fail(`${uuid}: ${isNew}`);
    expected.add(partsOf(uuid));
  }
  t.true(expected.size > 15_000);
});
