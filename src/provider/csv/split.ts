// Splits a CSV feed into its rows as the bytes arrive. The bytes of a record are the first row, which has the names of the
// columns, and the row: a row means something else when the names change.
// Source: RFC 4180, "Common Format and MIME Type for Comma-Separated Values (CSV) Files".

import type { Place } from '#/domain/record.ts';
import { isRefusal, refuse, shown, type Refusal } from '#/domain/refusal.ts';
import type { RawRecord, Splitter } from '#/provider/record.ts';
import { createWindow } from '#/provider/xml/window.ts';
import { rowsIn } from './rows.ts';

const nothing = new Uint8Array(0);
const [newline, carriageReturn, quote] = [10, 13, 34];
/** The first bytes of other kinds of feed: XML or HTML, and JSON. */
const foreign = new Set([0x3c, 0x7b, 0x5b]);
const columnsMax = 2000;

/** Rows end with a line end, also the last one: without it, a row may be cut. `wanted`: at least one column of each list exists. */
export function createRowSplitter(
  delimiter: string,
  wanted: readonly (readonly string[])[],
  recordBytesMax: number,
): Splitter {
  const window = createWindow();
  const separator = delimiter.charCodeAt(0);
  let names: Buffer | null = null;
  let hopeless: Refusal | null = null;
  /** The offset in the feed of the row's first byte, and of the first byte that was not searched for its end. */
  let [rowAt, at] = [0, 0];
  /** The row is too large: its bytes are dropped up to its end. */
  let dropped = false;
  // Between two bytes: at the start of a column, in a column with quotes, or behind a quote in one.
  let [isColumnStart, inQuotes, afterQuote] = [true, false, false];

  /** The offset of the line end of the row; -1 when it has not arrived. */
  function findEnd(): number {
    const { bytes, base } = window;
    for (let i = at - base; i < bytes.length; i++) {
      const code = bytes[i];
      if (inQuotes && !afterQuote) {
        afterQuote = code === quote;
        continue;
      }
      if (afterQuote) {
        afterQuote = false;
        // Two quotes are one quote of the text.
        if (code === quote) continue;
        inQuotes = false;
      }
      if (code === newline) return base + i;
      if (code === quote && isColumnStart) inQuotes = true;
      isColumnStart = code === separator;
    }
    at = base + bytes.length;
    return -1;
  }

  /** Takes the first row. Sets `hopeless` when it does not have the columns of the mapping. */
  function takeNames(row: Buffer): void {
    names = Buffer.concat([row, Buffer.of(newline)]);
    const rows = rowsIn(row.toString('utf8'), delimiter);
    const columns = isRefusal(rows) ? [] : (rows[0] ?? []);
    const missing = wanted.find((some) => some.length > 0 && !some.some((name) => columns.includes(name)));
    const saw = shown(row.toString('utf8', 0, 240));
    if (foreign.has(row[0] ?? 0))
      hopeless = refuse('root_unexpected', `Got ${saw}, expected the names of columns.`);
    else if (missing !== undefined && row.includes(0))
      hopeless = refuse(
        'charset_refused',
        `Got a first row ${saw} with zero bytes, like UTF-16 without a byte order mark, expected UTF-8 or a mark.`,
      );
    else if (missing !== undefined)
      hopeless = refuse(
        'columns_missing',
        `Got a first row ${saw}, expected the column ${missing.join(' or ')}.`,
      );
    else if (columns.length > columnsMax)
      hopeless = refuse('columns_missing', `Got ${columns.length} columns, expected at most ${columnsMax}.`);
  }

  function tooLarge(place: Place): RawRecord {
    const message = `Got a row of more than ${recordBytesMax} bytes.`;
    return { bytes: nothing, place, refusal: refuse('record_too_large', message) };
  }

  function take(end: number): RawRecord | null {
    const { bytes, base } = window;
    const place = window.place(rowAt);
    const last = bytes[end - 1 - base] === carriageReturn ? end - 1 : end;
    const row = bytes.subarray(Math.max(0, rowAt - base), Math.max(0, last - base));
    const wasDropped = dropped;
    [isColumnStart, inQuotes, afterQuote, dropped] = [true, false, false, false];
    [rowAt, at] = [end + 1, end + 1];
    if (wasDropped || row.every((code) => code === 32 || code === 9)) return null;
    if (row.length > recordBytesMax) return tooLarge(place);
    if (names !== null) return { bytes: Buffer.concat([names, row]), place };
    takeNames(row);
    return null;
  }

  return {
    *push(chunk) {
      if (hopeless !== null) return;
      window.append(chunk);
      const first = window.bytes[0];
      if (names === null && window.base === 0 && first !== undefined && foreign.has(first))
        hopeless = refuse(
          'root_unexpected',
          `Got ${shown(String.fromCharCode(first))}, expected the names of columns.`,
        );
      while (hopeless === null) {
        const end = findEnd();
        const raw = end < 0 ? null : take(end);
        if (raw !== null) yield raw;
        if (end < 0) break;
      }
      if (hopeless === null && !dropped && at - rowAt > recordBytesMax) {
        dropped = true;
        if (names === null)
          hopeless = refuse('columns_missing', `Got a first row of more than ${recordBytesMax} bytes.`);
        else yield tooLarge(window.place(rowAt));
      }
      window.consume(dropped ? at : rowAt);
    },
    end() {
      if (hopeless !== null) return hopeless;
      if (at > rowAt)
        return refuse('feed_truncated', 'The feed ended inside a row: the last row has no line end.');
      return names === null ? refuse('feed_empty', 'Got an empty document, expected rows.') : null;
    },
    get hopeless() {
      return hopeless;
    },
  };
}
