import test from 'ava';
import { eventId } from '#/domain/identity.ts';
import { uuid } from '../_support/oracle.ts';
import { seededFor } from '../_support/random.ts';

// Clients store these ids. If one of them changes, every published id has changed.
const pinned: Record<string, [provider: string, baseId: string, planId: string]> = {
  'a9ce1e06-41e2-5ed9-9a6a-7195e1efc05d': ['default', '291', '291'],
  '836028ef-6686-53de-819e-a7dcfe44d417': ['default', '322', '1642'],
  '40f71ed7-ede5-527b-b1de-227f18c88094': ['default', '1591', '1642'],
  '68c92d98-230c-5813-b374-bc433a5bd365': ['north', '322', '1642'],
  '49a527ba-a8d0-5aaf-809e-59febaffedf7': ['zoë', '"', '\\'],
};

for (const [id, names] of Object.entries(pinned)) {
  test(`${names.join(' / ')} has the id ${id}`, (t) => t.is(eventId(...names), id));
}

test('an id is a UUID of version 5 and of the variant of RFC 9562', (t) => {
  for (let i = 0; i < 2000; i++) {
    t.regex(
      eventId('default', String(i), '1642'),
      /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  }
});

test('an id is computed from the names as the RFC says, bit by bit', (t) => {
  const random = seededFor(t);
  for (let i = 0; i < 2000; i++) {
    const names = [0, 1, 2].map(() =>
      random.pick(['', '"', '\\', 'é', '🎭', ',', '1642', String(random.int(0, 1e6))]),
    );
    const [provider = '', baseId = '', planId = ''] = names;
    t.is(eventId(provider, baseId, planId), uuid(names));
  }
});

test('names that are equal only when concatenated have different ids', (t) => {
  const parts = [
    '',
    '1',
    '11',
    '111',
    '"',
    '","',
    '1","1',
    '\\',
    ' ',
    '1 ',
    '01',
    'a',
    'A',
    'é',
    'e\u0301',
    '[',
    ']',
  ];
  const ids = parts.flatMap((a) => parts.flatMap((b) => parts.map((c) => eventId(a, b, c))));
  t.is(new Set(ids).size, parts.length ** 3);
});
