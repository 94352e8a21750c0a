// Renders events as `/events` returns them: the text of `/search`, followed by the details.

import { layerOf, ordinalOf } from '#/snapshot/places.ts';
import type { DetailedSegment, Edition } from './edition.ts';
import type { FieldName } from './parameters.ts';
import { placeOf, segmentOf } from './refs.ts';
import { headOf, restRoom, writeRest, type Target } from '#/search/rows/rest.ts';

/** The size of the buffer at first; a page of fifty events takes half of it. */
const bufferBytes = 65_536;

type Segments = Pick<Edition, 'segments'>;
/** Null: all of them. */
type Fields = readonly FieldName[] | null;

function targetOf(length: number): Target {
  const bytes = Buffer.allocUnsafeSlow(length);
  return { bytes, view: new DataView(bytes.buffer) };
}

/** Writes texts and events, one after the other, into a buffer that grows and is reused. */
export interface EventWriter {
  clear(): void;
  text(ascii: string): void;
  event(edition: Segments, ref: number, fields: Fields): void;
  /** The same of several events, with commas between them. */
  events(edition: Segments, refs: readonly number[], fields: Fields): void;
  /** All since `clear`; valid until the next call. */
  written(): Buffer;
  /** What `written` returned belongs to somebody else from now on: the next text needs a buffer of its own. */
  detach(): void;
}

/** Of a line of the processor's cache. */
const lineBytes = 64;
/** Written only, so that no compiler leaves out the reads. */
const read = { sum: 0 };

/**
 * Reads a byte of each cache line of the texts. These reads do not depend on each other: a processor waits for many of them at the
 * same time, but for those of one text only while it copies that.
 */
function touch({ segments }: Segments, refs: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < refs.length; i++) {
    const ref = refs[i] as number;
    // Behind the text before, where a processor reads ahead by itself.
    if (i > 0 && ref === (refs[i - 1] as number) + 1) continue;
    const segment = segments[segmentOf(ref)] as DetailedSegment;
    const place = placeOf(ref);
    const { text, textAt } = layerOf(segment, place);
    const ordinal = ordinalOf(segment, place);
    const to = textAt[ordinal + 1] as number;
    for (let at = textAt[ordinal] as number; at < to; at += lineBytes) sum += text[at] as number;
  }
  return sum;
}

export function createEventWriter(): EventWriter {
  let target = targetOf(bufferBytes);
  let at = 0;

  function reserve(bytes: number): void {
    if (at + bytes <= target.bytes.length) return;
    const larger = targetOf(2 * (at + bytes));
    target.bytes.copy(larger.bytes, 0, 0, at);
    target = larger;
  }

  /** `bytes`: one character per byte of the UTF-8 text. */
  function put(bytes: string): void {
    reserve(bytes.length);
    at += target.bytes.write(bytes, at, 'latin1');
  }

  /** `skipped`: of the comma before the text of the event. */
  function whole(segment: DetailedSegment, place: number, skipped: 0 | 1): void {
    const layer = layerOf(segment, place);
    const ordinal = ordinalOf(segment, place);
    // Without the brace behind it.
    const [from, to] = [
      (layer.textAt[ordinal] as number) + skipped,
      (layer.textAt[ordinal + 1] as number) - 1,
    ];
    const head = headOf(segment, place);
    reserve(to - from + restRoom(segment, place, head));
    at += layer.text.copy(target.bytes, at, from, to);
    at = writeRest(
      segment,
      place,
      head,
      layer.starts[ordinal] as number,
      layer.ends[ordinal] as number,
      target,
      at,
    );
  }

  function event({ segments }: Segments, ref: number, fields: Fields): void {
    const begin = at;
    whole(segments[segmentOf(ref)] as DetailedSegment, placeOf(ref), 1);
    if (fields === null) return;
    const all = JSON.parse(target.bytes.toString('utf8', begin, at)) as Record<FieldName, unknown>;
    const some = Object.fromEntries(fields.map((name) => [name, all[name]]));
    at = begin;
    put(Buffer.from(JSON.stringify(some)).toString('latin1'));
  }

  return {
    clear: () => void (at = 0),
    text: put,
    event,
    events(edition, refs, fields) {
      const { segments } = edition;
      read.sum = touch(edition, refs);
      for (let i = 0; i < refs.length; i++) {
        const ref = refs[i] as number;
        if (fields === null)
          whole(segments[segmentOf(ref)] as DetailedSegment, placeOf(ref), i === 0 ? 1 : 0);
        else {
          if (i > 0) put(',');
          event(edition, ref, fields);
        }
      }
    },
    written: () => target.bytes.subarray(0, at),
    detach() {
      target = targetOf(bufferBytes);
      at = 0;
    },
  };
}
