// The bytes of a feed that have arrived and are not consumed yet, with their position in the feed.

import type { Place } from '#/domain/record.ts';

export interface Window {
  /** The bytes not consumed yet, from offset `base` of the feed. Changes with every `append` and `consume`. */
  readonly bytes: Buffer;
  readonly base: number;
  append(chunk: Uint8Array): void;
  /** Drops everything before `offset` (bytes from the start of the feed). */
  consume(offset: number): void;
  /** The line and column of an offset in `bytes`. Offsets must not decrease between calls, since lines are counted once. */
  place(offset: number): Place;
}

const newline = 10;
const startBytes = 256 * 1024;

export function createWindow(): Window {
  let store = Buffer.allocUnsafeSlow(startBytes);
  let [from, to, base] = [0, 0, 0];
  let bytes = store.subarray(0, 0);
  let line = 1;
  let lineStart = 0;
  let countedTo = 0;

  function countLines(offset: number): void {
    for (let at = bytes.indexOf(newline, countedTo - base); at >= 0 && at < offset - base;) {
      line++;
      lineStart = base + at + 1;
      at = bytes.indexOf(newline, at + 1);
    }
    countedTo = Math.max(countedTo, offset);
  }

  return {
    get bytes() {
      return bytes;
    },
    get base() {
      return base;
    },
    append(chunk) {
      const held = to - from;
      if (to + chunk.length > store.length) {
        const next =
          held + chunk.length > store.length ? Buffer.allocUnsafeSlow((held + chunk.length) * 2) : store;
        store.copy(next, 0, from, to);
        store = next;
        [from, to] = [0, held];
      }
      store.set(chunk, to);
      to += chunk.length;
      bytes = store.subarray(from, to);
    },
    consume(offset) {
      countLines(offset);
      from += offset - base;
      base = offset;
      bytes = store.subarray(from, to);
    },
    place(offset) {
      countLines(offset);
      return { offset, line, column: offset - lineStart + 1 };
    },
  };
}
