// Rows of texts as bytes that threads share or pass on, and the ends of their fields: that costs nothing per field or byte.

import { createTextWriter } from '#/kit/text-writer.ts';

export interface PackedTexts {
  /** Fields per row. */
  readonly columns: number;
  /** All fields, row after row, in UTF-8. A null is packed as an empty text, half of a surrogate pair as U+FFFD. */
  readonly bytes: Uint8Array;
  /** The offset in `bytes` of the end of each field. */
  readonly ends: Uint32Array;
}

/** Packs texts one by one. */
export interface TextPacker {
  /** The next field of the row, or the first field of the next row. */
  add(text: string): void;
  finished(): PackedTexts;
}

/** The buffer of the packer that finished last: memory that is in use already costs no new pages. */
let spare: Buffer<ArrayBuffer> = Buffer.alloc(0);
const spareBytesMax = 8 * 1024 * 1024;

export function createTextPacker(columns: number): TextPacker {
  const writer = createTextWriter(spare);
  spare = Buffer.alloc(0);
  const ends: number[] = [];
  return {
    add: (text) => void ends.push(writer.write(text)),
    finished() {
      const written = writer.finished();
      const bytes = new Uint8Array(new SharedArrayBuffer(written.length));
      bytes.set(written);
      if (written.buffer.byteLength <= spareBytesMax) spare = Buffer.from(written.buffer);
      return { columns, bytes, ends: new Uint32Array(ends) };
    },
  };
}

/** `rows`: each with as many fields as there are columns; what is not a text is null. */
export function packTexts(columns: number, rows: readonly (readonly unknown[])[]): PackedTexts {
  const packer = createTextPacker(columns);
  for (const row of rows) for (const field of row) packer.add(typeof field === 'string' ? field : '');
  return packer.finished();
}

export const rowCount = ({ columns, ends }: PackedTexts): number => ends.length / columns;

/** A field as it was packed; an empty text for null. */
export function fieldOf(texts: PackedTexts, row: number, column: number): string {
  const at = row * texts.columns + column;
  return textOf(texts.bytes, startOf(texts, at), texts.ends[at] ?? 0);
}

/** Whether a field is this text, which costs no new text. `text`: ASCII; any other is in no field. */
export function fieldIs(texts: PackedTexts, row: number, column: number, text: string): boolean {
  const at = row * texts.columns + column;
  const from = startOf(texts, at);
  if ((texts.ends[at] ?? 0) - from !== text.length) return false;
  for (let i = 0; i < text.length; i++) if (texts.bytes[from + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** `end`: ASCII. */
export function fieldEndsWith(texts: PackedTexts, row: number, column: number, end: string): boolean {
  const at = row * texts.columns + column;
  const from = Math.max(startOf(texts, at), (texts.ends[at] ?? 0) - end.length);
  return textOf(texts.bytes, from, texts.ends[at] ?? 0) === end;
}

/** The offset in `bytes` where a field begins. */
export const fieldBegin = (texts: PackedTexts, row: number, column: number): number =>
  startOf(texts, row * texts.columns + column);

/** Where field number `at` starts. */
const startOf = ({ ends }: PackedTexts, at: number): number => (at === 0 ? 0 : (ends[at - 1] ?? 0));

const textOf = (bytes: Uint8Array, from: number, to: number): string =>
  Buffer.prototype.utf8Slice.call(bytes, from, to);
