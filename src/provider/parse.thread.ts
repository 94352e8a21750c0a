// Runs in a thread of the pool: takes a batch of raw records, returns observations and faults. Keeps no state between batches.

import { createPacker, type PackedRecords } from '#/domain/packed/records.ts';
import type { ParsedRecord, Place } from '#/domain/record.ts';
import { formats } from './formats/formats.ts';
import { placeOf, rangeOf, recordCount, type PackedTask } from './parse-task.ts';
import type { TextRecord } from './record.ts';
import { decodeRecord } from './encoding/utf8.ts';

/** The pieces of the result are the records of the task: a damaged one may include the next ones. */
export default function parseBatch(task: PackedTask): PackedRecords {
  const { format, reading, bytes } = task;
  const all = new Uint8Array(bytes);
  const packer = createPacker();
  for (let number = 0; number < recordCount(task); number++) {
    const { from, to } = rangeOf(task, number);
    const { text, repaired } = decodeRecord(all, from, to);
    const read = formats[format].read(text, reading);
    const [first] = read;
    const records = first === undefined || repaired === 0 ? read : read.with(0, withRepair(first, repaired));
    // Packed at once, so that no object of a record outlives it.
    packer.add(
      records.every(isPlain) ? records : records.map((one) => withPlaces(one, text, placeOf(task, number))),
    );
  }
  return packer.finished();
}

const withRepair = (record: TextRecord, times: number): TextRecord => ({
  ...record,
  remarks: [
    ...(record.remarks ?? []),
    {
      kind: 'repaired',
      code: 'charset_repaired',
      message: strayBytes,
      baseId: record.key,
      planId: null,
      at: 0,
      times,
    },
  ],
});

const strayBytes =
  'Got bytes that are not valid in the character set; they are read as Windows-1252 or U+FFFD.';

/** Whether a record names no place in its text: most do not. */
const isPlain = (record: TextRecord): record is TextRecord & ParsedRecord =>
  record.faults.length === 0 && record.remarks === undefined;

const withPlaces = (
  { faults, remarks, ...record }: TextRecord,
  text: string,
  place: Place,
): ParsedRecord => ({
  ...record,
  faults: faults.map((fault) => placed(fault, text, place)),
  ...(remarks !== undefined && { remarks: remarks.map((remark) => placed(remark, text, place)) }),
});

/** Converts an offset in the record's text to a place in the feed. */
function placed<Located extends { readonly at: number }>(
  { at, ...rest }: Located,
  text: string,
  record: Place,
): Omit<Located, 'at'> & { readonly place: Place } {
  const lines = text.slice(0, at).split('\n');
  const last = lines.at(-1) ?? '';
  const column = lines.length === 1 ? record.column + last.length : last.length + 1;
  const offset = record.offset + Buffer.byteLength(text.slice(0, at));
  return { ...rest, place: { offset, line: record.line + lines.length - 1, column } };
}
