// Runs in a thread of the pool: a batch of raw records in, observations and faults out. Holds no state between batches.

import type { ParsedRecord, Place } from '#/domain/record.ts';
import { formats } from './formats/formats.ts';
import type { FormatName } from './provider.ts';
import type { Reading, TextRecord } from './record.ts';
import { decodeRecord } from './encoding/utf8.ts';

export interface ParseTask {
  readonly format: FormatName;
  readonly reading: Reading;
  /** Holds the records' bytes, and is only read here. */
  readonly bytes: SharedArrayBuffer;
  readonly records: readonly { readonly from: number; readonly to: number; readonly place: Place }[];
}

/** For each record of the task what became of it; more than one when it had swallowed a neighbour. */
export default function parseBatch({ format, reading, bytes, records }: ParseTask): ParsedRecord[][] {
  return records.map(({ from, to, place }) => {
    const { text, repaired } = decodeRecord(new Uint8Array(bytes, from, to - from));
    const [first, ...others] = formats[format].read(text, reading);
    const whole = first === undefined || repaired === 0 ? first : withRepair(first, repaired);
    return (whole === undefined ? [] : [whole, ...others]).map((record) => withPlaces(record, text, place));
  });
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
  'Got bytes that are not valid in the character set, and read them as Windows-1252 or U+FFFD.';

const withPlaces = (
  { faults, remarks, ...record }: TextRecord,
  text: string,
  place: Place,
): ParsedRecord => ({
  ...record,
  faults: faults.map((fault) => placed(fault, text, place)),
  ...(remarks !== undefined && { remarks: remarks.map((remark) => placed(remark, text, place)) }),
});

/** From a place in the record's text to one in the feed. */
function placed<Told extends { readonly at: number }>(
  { at, ...told }: Told,
  text: string,
  record: Place,
): Omit<Told, 'at'> & { readonly place: Place } {
  const lines = text.slice(0, at).split('\n');
  const last = lines.at(-1) ?? '';
  const column = lines.length === 1 ? record.column + last.length : last.length + 1;
  const offset = record.offset + Buffer.byteLength(text.slice(0, at));
  return { ...told, place: { offset, line: record.line + lines.length - 1, column } };
}
