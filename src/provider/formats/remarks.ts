// Collects the remarks on one record: each kind once, with its count and the first place. The collector is a plain object
// without methods, because there are millions of records and most have no remarks.

import type { Remark } from '#/domain/record.ts';
import { shown } from '#/domain/refusal.ts';
import type { TextRemark } from '#/provider/record.ts';

/** The fields of every format, by their names in findings. */
export type Field =
  | 'sell_mode'
  | 'organizer'
  | 'start'
  | 'end'
  | 'sell_from'
  | 'sell_to'
  | 'sold_out'
  | 'status'
  | 'zone_id'
  | 'zone_name'
  | 'capacity'
  | 'price'
  | 'numbered';

type Counted = Omit<TextRemark, 'at' | 'times'> & { readonly ordinal: number; times: number };

export interface RemarkCollector {
  /** Refuse instead of repairing a value or leaving it unknown. */
  readonly strict: boolean;
  readonly baseId: string;
  /** Of the current event; null for the record as a whole. */
  planId: string | null;
  /** The index of the current event in the record, from 0; -1 for the record as a whole. */
  ordinal: number;
  /** By code; null while there are none. */
  kinds: Map<string, Counted> | null;
}

export const createRemarkCollector = (baseId: string, strict: boolean): RemarkCollector => ({
  strict,
  baseId,
  planId: null,
  ordinal: -1,
  kinds: null,
});

/** `name`: the field's name in the format; `saw`: its text; `readAs`: the repaired value. */
export function addRepaired(
  collector: RemarkCollector,
  field: Field,
  name: string,
  saw: string,
  readAs: string,
): void {
  add(collector, 'repaired', field, () => `Got ${name} ${shown(saw)}, read as ${readAs}.`);
}

export function addUnknown(collector: RemarkCollector, field: Field, message: string): void {
  add(collector, 'unknown', field, () => message);
}

function add(collector: RemarkCollector, kind: Remark['kind'], field: Field, message: () => string): void {
  const { baseId, planId, ordinal } = collector;
  const code = `${field}_${kind}`;
  collector.kinds ??= new Map();
  const known = collector.kinds.get(code);
  if (known !== undefined) known.times++;
  else collector.kinds.set(code, { kind, code, message: message(), times: 1, baseId, planId, ordinal });
}

/** `placeOf`: the offset of an event in the record's text. Undefined when there are no remarks. */
export function remarksOf(
  { kinds }: RemarkCollector,
  placeOf: (ordinal: number) => number,
): readonly TextRemark[] | undefined {
  if (kinds === null) return undefined;
  return Array.from(kinds.values(), ({ ordinal, ...remark }) => ({
    ...remark,
    at: ordinal < 0 ? 0 : placeOf(ordinal),
  }));
}
