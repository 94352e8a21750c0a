import type { Refusal } from '#/domain/refusal.ts';
import type { TextRecord } from '#/provider/record.ts';

/** A record of which nothing could be taken, not even what it is of. `at`: place in its text, in UTF-16 units. */
export const broken = (refusal: Refusal, at: number): TextRecord => ({
  key: null,
  observations: [],
  zones: new Map(),
  faults: [{ refusal, baseId: null, planId: null, at }],
  irregularClocks: 0,
  duplicates: 0,
});
