// What was unusual in the values of one record and cost nothing: each kind once, with how often and where it was first.

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

export interface Notes {
  /** What follows is of the record's event with this number, from 0. Before the first call it is of the record. */
  begin(planId: string | null, ordinal: number): void;
  /** `name`: what the format calls the field; `saw`: its text. */
  repaired(field: Field, name: string, saw: string, meant: string): void;
  unknown(field: Field, message: string): void;
  /** `placeOf`: where in the record's text the event of a number begins. Undefined when there is nothing to remark. */
  remarks(placeOf: (ordinal: number) => number): readonly TextRemark[] | undefined;
}

type Note = Omit<TextRemark, 'at' | 'times'> & { readonly ordinal: number; times: number };

export function createNotes(baseId: string): Notes {
  let notes: Map<string, Note> | null = null;
  let planId: string | null = null;
  let ordinal = -1;

  function add(kind: Remark['kind'], field: Field, message: () => string): void {
    const code = `${field}_${kind}`;
    notes ??= new Map();
    const known = notes.get(code);
    if (known === undefined)
      notes.set(code, { kind, code, message: message(), times: 1, baseId, planId, ordinal });
    else known.times++;
  }

  return {
    begin(id, number) {
      planId = id;
      ordinal = number;
    },
    repaired: (field, name, saw, meant) =>
      add('repaired', field, () => `Got ${name} ${shown(saw)}, read as ${meant}.`),
    unknown: (field, message) => add('unknown', field, () => message),
    remarks: (placeOf) =>
      notes === null
        ? undefined
        : Array.from(notes.values(), ({ ordinal: number, ...note }) => ({
            ...note,
            at: number < 0 ? 0 : placeOf(number),
          })),
  };
}
