import type { Refusal } from '#/domain/refusal.ts';
import type { TextRecord } from '#/provider/record.ts';

/** The result for a record that cannot be read at all. `at`: the fault's offset in its text, in UTF-16 units. */
export const unreadableRecord = (refusal: Refusal, at: number): TextRecord => ({
  key: null,
  observations: [],
  faults: [{ refusal, baseId: null, planId: null, at }],
  irregularClocks: 0,
  duplicates: 0,
});
