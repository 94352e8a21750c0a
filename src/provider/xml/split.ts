// Splits an XML feed into records as the bytes arrive. It holds at most one record at a time.

import type { Place } from '#/domain/record.ts';
import { refuse } from '#/domain/refusal.ts';
import type { RawRecord, Splitter } from '#/provider/record.ts';
import { createOutline } from './outline.ts';
import { createRecordEnd } from './record-end.ts';
import { createWindow } from './window.ts';

interface OpenRecord {
  readonly place: Place;
  /** It exceeds the limit: its bytes are dropped while its end is searched for. */
  tooLarge: boolean;
}

const nothing = new Uint8Array(0);

/** For feeds with the root `<root>` and records `<record>` of at most `recordBytesMax` bytes each. */
export function createXmlSplitter(root: string, record: string, recordBytesMax: number): Splitter {
  const window = createWindow();
  const outline = createOutline(root, record);
  const recordEnd = createRecordEnd();
  let open: OpenRecord | null = null;
  /** The offset in the feed up to which everything is processed. */
  let at = 0;

  /** The name of the record that begins at `at`; null when more bytes are needed. */
  function toRecord(): string | null {
    while (outline.hopeless === null && at - window.base < window.bytes.length) {
      const step = outline.step(window.bytes, at - window.base);
      if (step.kind === 'record') return step.name;
      if (step.kind === 'more') return null;
      at = window.base + step.to;
    }
    return null;
  }

  /** The open record, once it is complete or when it becomes too large; null otherwise. */
  function closeRecord(current: OpenRecord): RawRecord | null {
    const found = recordEnd.find(window.bytes, window.base);
    const bytes = (found < 0 ? window.bytes.length : found) - (at - window.base);
    const reported = current.tooLarge;
    if (!reported && bytes > recordBytesMax) current.tooLarge = true;
    const raw: RawRecord = current.tooLarge
      ? {
          bytes: nothing,
          place: current.place,
          refusal: refuse('record_too_large', `Got a record of more than ${recordBytesMax} bytes.`),
        }
      : { bytes: window.bytes.subarray(at - window.base, Math.max(found, 0)), place: current.place };
    if (found >= 0) {
      at = window.base + found;
      open = null;
      return reported ? null : raw;
    }
    // The end tag may continue in the next chunk: keep the bytes that may begin it.
    if (current.tooLarge) at = Math.max(at, window.base + window.bytes.length - 64);
    return current.tooLarge && !reported ? raw : null;
  }

  return {
    *push(chunk) {
      if (outline.hopeless !== null) return;
      window.append(chunk);
      for (;;) {
        if (open === null) {
          const name = toRecord();
          if (name === null) break;
          recordEnd.begin(name, at);
          open = { place: window.place(at), tooLarge: false };
        }
        const raw = closeRecord(open);
        if (raw !== null) yield raw;
        if (open !== null) break;
      }
      window.consume(at);
    },
    end() {
      if (open !== null) return refuse('feed_truncated', 'The feed ended inside a record.');
      return (
        outline.hopeless ??
        (window.bytes.length > 0 ? refuse('feed_truncated', 'The feed ended inside a tag.') : outline.end())
      );
    },
    get hopeless() {
      return outline.hopeless;
    },
  };
}
