// Splits an RPDE page into its items, as the bytes arrive, and reads the URL of the next page from next to them.

import { refuse, shown, type Refusal } from '#/domain/refusal.ts';
import { createObjectScan, type ObjectScan } from '#/provider/json/object-scan.ts';
import { createDocumentSplitter } from '#/provider/json/split.ts';
import type { Splitter } from '#/provider/record.ts';
import { createWindow } from '#/provider/xml/window.ts';

export interface PageSplitter extends Splitter {
  /** The member `next` as it is written; null until it has arrived. */
  readonly next: string | Refusal | null;
}

export const nextLengthMax = 8192;
const path = { levels: [['items']], orItself: false };
/** Each character may be an escape of six bytes. */
const nextBytesMax = 6 * nextLengthMax;
const openBrace = 123;
const blanks = new Set([9, 10, 13, 32]);
const stringForm = /^\s*("(?:[^"\\\n]|\\.)*")/s;

/** For items of at most `recordBytesMax` bytes each. */
export function createPageSplitter(recordBytesMax: number): PageSplitter {
  const items = createDocumentSplitter(path, recordBytesMax);
  const window = createWindow();
  let scan: ObjectScan | null = null;
  let isInValue = false;
  let isDone = false;
  let next: string | Refusal | null = null;

  function begin(): void {
    let at = window.base;
    const end = at + window.bytes.length;
    while (at < end && blanks.has(window.bytes[at - window.base] ?? 0)) at++;
    window.consume(at);
    if (at === end) return;
    if (window.bytes[0] === openBrace) scan = createObjectScan(at, ['next']);
    else isDone = true;
  }

  function readValue(): void {
    const text = window.bytes.toString('utf8', 0, nextBytesMax);
    const [, written] = stringForm.exec(text) ?? [];
    const first = text.trimStart()[0];
    isDone = written !== undefined || window.bytes.length >= nextBytesMax || (first ?? '"') !== '"';
    if (isDone) next = nextIn(written, text);
  }

  function look(chunk: Uint8Array): void {
    window.append(chunk);
    if (scan === null) begin();
    if (scan === null) return;
    if (!isInValue) {
      const found = scan.find(window.bytes, window.base);
      isInValue = found === 'member';
      isDone = found === 'end';
      window.consume(isInValue ? scan.at : scan.keepFrom);
    }
    if (isInValue) readValue();
  }

  return {
    *push(chunk) {
      if (!isDone) look(chunk);
      yield* items.push(chunk);
    },
    end: () => items.end(),
    get hopeless() {
      return items.hopeless;
    },
    get next() {
      return next;
    },
  };
}

/** `written`: the JSON string; undefined when there is none. */
function nextIn(written: string | undefined, text: string): string | Refusal {
  const wanted = `a text of at most ${nextLengthMax} characters`;
  try {
    const value = JSON.parse(written ?? '') as string;
    if (value.length <= nextLengthMax) return value;
  } catch {
    // The refusal says what was there.
  }
  return refuse('next_invalid', `Got the next ${shown(text.trim().slice(0, 80))}, expected ${wanted}.`);
}
