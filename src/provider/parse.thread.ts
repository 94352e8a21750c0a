// Runs in a thread of the pool: a batch of raw records in, observations and faults out. Holds no state between batches.

import type { ParsedRecord, Place } from '#/domain/record.ts';
import { refuse } from '#/domain/refusal.ts';
import { formats } from './formats/formats.ts';
import type { FormatName } from './provider.ts';
import type { Reading, TextRecord } from './record.ts';

export interface ParseTask {
  readonly format: FormatName;
  readonly reading: Reading;
  /** Holds the records' bytes, and is only read here. */
  readonly bytes: SharedArrayBuffer;
  readonly records: readonly { readonly from: number; readonly to: number; readonly place: Place }[];
}

/** For each record of the task what became of it; more than one when it had swallowed a neighbour. */
export default function parseBatch({ format, reading, bytes, records }: ParseTask): ParsedRecord[][] {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  return records.map(({ from, to, place }) => {
    const text = decodeText(decoder, new Uint8Array(bytes, from, to - from));
    if (text === null) return [undecodable(place)];
    return formats[format].read(text, reading).map((record) => withPlaces(record, text, place));
  });
}

function decodeText(decoder: TextDecoder, bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

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

const undecodable = (place: Place): ParsedRecord => ({
  key: null,
  observations: [],
  zones: new Map(),
  faults: [
    { refusal: refuse('utf8_invalid', 'Got bytes that are not UTF-8.'), baseId: null, planId: null, place },
  ],
  irregularClocks: 0,
  duplicates: 0,
});
