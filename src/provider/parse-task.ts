// A batch for a parser thread, and its form on the way there: one array of numbers instead of an object per record.

import type { Place } from '#/domain/record.ts';
import type { FormatName } from './provider.ts';
import type { Reading } from './record.ts';

interface Batch {
  readonly format: FormatName;
  readonly reading: Reading;
  /** The records' bytes; only read here. */
  readonly bytes: SharedArrayBuffer;
}

export interface ParseTask extends Batch {
  readonly records: readonly TaskRecord[];
}

export interface TaskRecord {
  /** The range of the record in the batch's bytes. */
  readonly from: number;
  readonly to: number;
  readonly place: Place;
}

export interface PackedTask extends Batch {
  /** Of each record in turn: from, to, and its place: offset, line, column. */
  readonly records: Float64Array;
}

const numbers = 5;

export function packTask({ records, ...batch }: ParseTask): PackedTask {
  const packed = new Float64Array(records.length * numbers);
  records.forEach(({ from, to, place }, i) => {
    const at = i * numbers;
    packed[at] = from;
    packed[at + 1] = to;
    packed[at + 2] = place.offset;
    packed[at + 3] = place.line;
    packed[at + 4] = place.column;
  });
  return { ...batch, records: packed };
}

export const recordCount = ({ records }: PackedTask): number => records.length / numbers;

/** The range of a record in the batch's bytes. */
export function rangeOf({ records }: PackedTask, number: number): Pick<TaskRecord, 'from' | 'to'> {
  const at = number * numbers;
  return { from: records[at] ?? 0, to: records[at + 1] ?? 0 };
}

export function placeOf({ records }: PackedTask, number: number): Place {
  const at = number * numbers;
  return { offset: records[at + 2] ?? 0, line: records[at + 3] ?? 0, column: records[at + 4] ?? 0 };
}
