// Cuts a feed of one JSON object per line into its records as the bytes arrive. A record ends with its closing brace, not
// with its line: so the last line counts without a line end, and a cut one never does. A line end ends whatever is open.

import type { Place } from '#/domain/record.ts';
import { refuse, shown, type Refusal } from '#/domain/refusal.ts';
import type { RawRecord, Splitter } from '#/provider/record.ts';
import { createWindow } from '#/provider/xml/window.ts';
import { createObjectEnd, type ObjectEnd } from './object-end.ts';

//            "{"                 its end
//   between ─────▶ in a record ─────────▶ behind
//     ▲  │                │                │ │
//     │  └──anything──────┴──too large─────┼─┴──anything──▶ lost
//     └────────────── line end ◀───────────┴──────────────────┘
type Phase =
  | { readonly in: 'between' | 'behind' | 'lost' }
  | { readonly in: 'record'; readonly place: Place; readonly end: ObjectEnd };

const nothing = new Uint8Array(0);
const [tab, newline, carriageReturn, space, openBrace] = [9, 10, 13, 32, 123];
/** What a feed of another kind begins with: a page or XML, or all events in one array. */
const [lessThan, openBracket] = [60, 91];

/** For records of at most `recordBytesMax` bytes each. */
export function createLineSplitter(recordBytesMax: number): Splitter {
  const window = createWindow();
  let phase: Phase = { in: 'between' };
  let seen = false;
  let hopeless: Refusal | null = null;
  /** Bytes from the start of the feed up to which everything is told. */
  let at = 0;

  const inHand = (): number => window.base + window.bytes.length - at;
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

  /** Whether a byte order mark may have begun that is not all there yet. */
  const isCutMark = (): boolean => inHand() > 0 && inHand() < 3 && window.bytes[at - window.base] === 0xef;

  /** To the start of the next line, as far as it is there. */
  function skipLine(): void {
    const end = window.bytes.indexOf(newline, at - window.base);
    at = end < 0 ? window.base + window.bytes.length : window.base + end + 1;
    if (end >= 0) phase = { in: 'between' };
  }

  /** At a byte that is not blank: a record begins, or what may not stand here is told. */
  function begin(): RawRecord | null {
    const code = window.bytes[at - window.base] ?? 0;
    const saw = shown(String.fromCharCode(code));
    if (!seen && (code === lessThan || code === openBracket)) {
      hopeless = refuse('root_unexpected', `Got ${saw}, expected one JSON object per line.`);
      return null;
    }
    seen = true;
    const place = window.place(at);
    if (phase.in === 'behind')
      return lost('json_malformed', `Got ${saw} behind the object, expected the end of the line.`, place);
    if (code !== openBrace)
      return lost('json_malformed', `Got ${saw}, expected a line that begins with "{".`, place);
    phase = { in: 'record', place, end: createObjectEnd(at) };
    return null;
  }

  /** The record in hand, once all of it is there or it has grown too large; null when more is needed. */
  function close({ place, end }: Phase & { in: 'record' }): RawRecord | null {
    const found = end.find(window.bytes, window.base);
    const length = found < 0 ? inHand() : found - (at - window.base);
    if (length > recordBytesMax)
      return lost('record_too_large', `Got a record of more than ${recordBytesMax} bytes.`, place);
    if (found < 0) return null;
    const bytes = window.bytes.subarray(at - window.base, found);
    at = window.base + found;
    phase = { in: 'behind' };
    return { bytes, place };
  }

  return {
    *push(chunk) {
      if (hopeless !== null) return;
      window.append(chunk);
      while (inHand() > 0 && hopeless === null) {
        if (phase.in === 'lost') skipLine();
        else if (phase.in === 'record') {
          const raw = close(phase);
          if (raw === null) break;
          yield raw;
        } else {
          skipBlanks();
          if (isCutMark()) break;
          const raw = inHand() > 0 ? begin() : null;
          if (raw !== null) yield raw;
        }
      }
      window.consume(at);
    },
    end() {
      if (phase.in === 'record' || phase.in === 'lost' || inHand() > 0)
        return hopeless ?? refuse('feed_truncated', 'The feed ended inside a line.');
      return hopeless ?? (seen ? null : refuse('feed_empty', 'Got an empty document, expected JSON lines.'));
    },
    get hopeless() {
      return hopeless;
    },
  };
}
