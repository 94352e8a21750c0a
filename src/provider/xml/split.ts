// Cuts an XML feed into its records as the bytes arrive: glue, record, glue, record …, never more in hand than one of them.

import type { Place } from '#/domain/record.ts';
import { refuse } from '#/domain/refusal.ts';
import type { RawRecord, Splitter } from '#/provider/record.ts';
import { createGlue } from './glue.ts';
import { createFinder, createRecordEnd, type RecordEnd } from './record-end.ts';
import { createWindow } from './window.ts';

interface OpenRecord {
  readonly place: Place;
  readonly end: RecordEnd;
  /** It has grown beyond the limit: its end is looked for, its bytes are let go. */
  tooLarge: boolean;
}

const nothing = new Uint8Array(0);

/** For feeds whose root is `<root>` and whose records are `<record>`, each of at most `recordBytesMax` bytes. */
export function createXmlSplitter(root: string, record: string, recordBytesMax: number): Splitter {
  const window = createWindow();
  const glue = createGlue(root, record);
  const specials = [createFinder('<!'), createFinder('<?')];
  let open: OpenRecord | null = null;
  /** Bytes from the start of the feed up to which everything is told. */
  let at = 0;

  /** The name of the record that begins at `at`; null when there is nothing more to be read in hand. */
  function toRecord(): string | null {
    while (glue.hopeless === null && at - window.base < window.bytes.length) {
      const step = glue.step(window.bytes, at - window.base);
      if (step.kind === 'record') return step.name;
      if (step.kind === 'more') return null;
      at = window.base + step.to;
    }
    return null;
  }

  /** The open record, when all of it is in hand or it has just grown too large. */
  function closeRecord(current: OpenRecord): RawRecord | null {
    const found = current.end.find(window.bytes, window.base);
    const bytes = (found < 0 ? window.bytes.length : found) - (at - window.base);
    const told = current.tooLarge;
    if (!told && bytes > recordBytesMax) current.tooLarge = true;
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
      return told ? null : raw;
    }
    // Its end tag may be cut by the end of the window: keep what could be the start of one.
    if (current.tooLarge) at = Math.max(at, window.base + window.bytes.length - 64);
    return current.tooLarge && !told ? raw : null;
  }

  return {
    *push(chunk) {
      if (glue.hopeless !== null) return;
      window.append(chunk);
      for (;;) {
        if (open === null) {
          const name = toRecord();
          if (name === null) break;
          open = { place: window.place(at), end: createRecordEnd(name, at, specials), tooLarge: false };
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
        glue.hopeless ??
        (window.bytes.length > 0 ? refuse('feed_truncated', 'The feed ended inside a tag.') : glue.end())
      );
    },
    get hopeless() {
      return glue.hopeless;
    },
  };
}
