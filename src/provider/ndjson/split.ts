// Splits a feed of one JSON object per line into records as the bytes arrive. A record ends at its closing brace, so the last
// line needs no line end and a truncated line is never a record. A line end always ends the current record.

import type { Place } from '#/domain/record.ts';
import { refuse, shown, type Refusal } from '#/domain/refusal.ts';
import type { RawRecord, Splitter } from '#/provider/record.ts';
import { createWindow } from '#/provider/xml/window.ts';
import { createObjectEnd, type ObjectEnd } from './object-end.ts';

//            "{"                 its end
//   between ─────▶ in a record ─────────▶ after
//     ▲  │                │                │ │
//     │  └──anything──────┴──too large─────┼─┴──anything──▶ lost
//     └────────────── line end ◀───────────┴──────────────────┘
type Phase =
  | { readonly in: 'between' | 'after' | 'lost' }
  | { readonly in: 'record'; readonly place: Place; readonly end: ObjectEnd };

const nothing = new Uint8Array(0);
const [tab, newline, carriageReturn, space, openBrace] = [9, 10, 13, 32, 123];
/** The first bytes of other kinds of feed: HTML or XML, or one array of all events. */
const [lessThan, openBracket] = [60, 91];

/** For records of at most `recordBytesMax` bytes each. */
export function createLineSplitter(recordBytesMax: number): Splitter {
  const window = createWindow();
  let phase: Phase = { in: 'between' };
  let seen = false;
  let hopeless: Refusal | null = null;
  /** The offset in the feed up to which everything is processed. */
  let at = 0;

  const pending = (): number => window.base + window.bytes.length - at;
  const lost = (code: string, message: string, place: Place): RawRecord => {
    phase = { in: 'lost' };
    return { bytes: nothing, place, refusal: refuse(code, message) };
  };

  function skipBlanks(): void {
    const { bytes, base } = window;
    for (; at - base < bytes.length; at++) {
      const code = bytes[at - base];
      if (code === newline) phase = { in: 'between' };
      else if (code === 0xef && bytes[at - base + 1] === 0xbb && bytes[at - base + 2] === 0xbf) at += 2;
      else if (code !== space && code !== tab && code !== carriageReturn) return;
    }
  }

  /** Whether the bytes end inside what may be a byte order mark. */
  const isCutMark = (): boolean => pending() > 0 && pending() < 3 && window.bytes[at - window.base] === 0xef;

  /** Skips to the start of the next line, or to the end of the bytes. */
  function skipLine(): void {
    const end = window.bytes.indexOf(newline, at - window.base);
    at = end < 0 ? window.base + window.bytes.length : window.base + end + 1;
    if (end >= 0) phase = { in: 'between' };
  }

  /** Begins a record at a byte that is not whitespace, or returns the fault of that byte. */
  function begin(): RawRecord | null {
    const code = window.bytes[at - window.base] ?? 0;
    const saw = shown(String.fromCharCode(code));
    if (!seen && (code === lessThan || code === openBracket)) {
      hopeless = refuse('root_unexpected', `Got ${saw}, expected one JSON object per line.`);
      return null;
    }
    seen = true;
    const place = window.place(at);
    if (phase.in === 'after')
      return lost('json_malformed', `Got ${saw} after the object, expected the end of the line.`, place);
    if (code !== openBrace)
      return lost('json_malformed', `Got ${saw}, expected a line that begins with "{".`, place);
    phase = { in: 'record', place, end: createObjectEnd(at) };
    return null;
  }

  /** The current record, once it is complete or too large; null when more bytes are needed. */
  function close({ place, end }: Phase & { in: 'record' }): RawRecord | null {
    const found = end.find(window.bytes, window.base);
    const length = found < 0 ? pending() : found - (at - window.base);
    if (length > recordBytesMax)
      return lost('record_too_large', `Got a record of more than ${recordBytesMax} bytes.`, place);
    if (found < 0) return null;
    const bytes = window.bytes.subarray(at - window.base, found);
    at = window.base + found;
    phase = { in: 'after' };
    return { bytes, place };
  }

  return {
    *push(chunk) {
      if (hopeless !== null) return;
      window.append(chunk);
      while (pending() > 0 && hopeless === null) {
        if (phase.in === 'lost') skipLine();
        else if (phase.in === 'record') {
          const raw = close(phase);
          if (raw === null) break;
          yield raw;
        } else {
          skipBlanks();
          if (isCutMark()) break;
          const raw = pending() > 0 ? begin() : null;
          if (raw !== null) yield raw;
        }
      }
      window.consume(at);
    },
    end() {
      if (phase.in === 'record' || phase.in === 'lost' || pending() > 0)
        return hopeless ?? refuse('feed_truncated', 'The feed ended inside a line.');
      return hopeless ?? (seen ? null : refuse('feed_empty', 'Got an empty document, expected JSON lines.'));
    },
    get hopeless() {
      return hopeless;
    },
  };
}
