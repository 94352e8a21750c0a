// What was unusual in the values of one record and cost nothing: each kind once, with how often and where it was first.
// A plain object without functions of its own: most records have nothing to note, and there are millions of them.

import type { Remark } from '#/domain/record.ts';
import { shown } from '#/domain/refusal.ts';
import type { TextRemark } from '#/provider/record.ts';

/** The values that every format has, as findings name them. */
export type Field =
  | 'sell_mode'
  | 'organizer'
  | 'start'
  | 'end'
  | 'sell_from'
  | 'sell_to'
  | 'sold_out'
  | 'zone_id'
  | 'zone_name'
  | 'capacity'
  | 'price'
  | 'numbered';

type Note = Omit<TextRemark, 'at' | 'times'> & { readonly ordinal: number; times: number };

export interface Notes {
  /** Nothing is repaired or left unknown. */
  readonly strict: boolean;
  readonly baseId: string;
  /** Of the event that is being read; null for the record as a whole. */
  planId: string | null;
  /** Which event of the record that is, from 0; -1 for the record as a whole. */
  ordinal: number;
  /** By code; null while there are none. */
  kinds: Map<string, Note> | null;
}

export const createNotes = (baseId: string, strict: boolean): Notes => ({
  strict,
  baseId,
  planId: null,
  ordinal: -1,
  kinds: null,
});

/** `name`: what the format calls the field; `saw`: its text. */
export function noteRepaired(notes: Notes, field: Field, name: string, saw: string, meant: string): void {
  note(notes, 'repaired', field, () => `Got ${name} ${shown(saw)}, read as ${meant}.`);
}

export function noteUnknown(notes: Notes, field: Field, message: string): void {
  note(notes, 'unknown', field, () => message);
}

function note(notes: Notes, kind: Remark['kind'], field: Field, message: () => string): void {
  const { baseId, planId, ordinal } = notes;
  const code = `${field}_${kind}`;
  notes.kinds ??= new Map();
  const known = notes.kinds.get(code);
  if (known !== undefined) known.times++;
  else notes.kinds.set(code, { kind, code, message: message(), times: 1, baseId, planId, ordinal });
}

/** `placeOf`: where in the record's text the event of a number begins. Undefined when there is nothing to remark. */
export function remarksOf(
  { kinds }: Notes,
  placeOf: (ordinal: number) => number,
): readonly TextRemark[] | undefined {
  if (kinds === null) return undefined;
  return Array.from(kinds.values(), ({ ordinal, ...told }) => ({
    ...told,
    at: ordinal < 0 ? 0 : placeOf(ordinal),
  }));
}
