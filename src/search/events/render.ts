// Renders events as `/events` returns them: the text of `/search`, followed by the details.

import { layerOf, ordinalOf } from '#/snapshot/places.ts';
import type { DetailedSegment, Edition } from './edition.ts';
import type { FieldName } from './parameters.ts';
import { placeOf, segmentOf } from './refs.ts';
import { restRoom, writeRest } from '#/search/rows/rest.ts';

/** The size of the buffer at first; a page of fifty events takes half of it. */
const bufferBytes = 65_536;

/** Writes texts and events, one after the other, into a buffer that grows and is reused. */
export interface EventWriter {
  clear(): void;
  text(ascii: string): void;
  event(edition: Pick<Edition, 'segments'>, ref: number, fields: readonly FieldName[] | null): void;
  /** All since `clear`; valid until the next call. */
  written(): Buffer;
  /** What `written` returned belongs to somebody else from now on: the next text needs a buffer of its own. */
  detach(): void;
}

export function createEventWriter(): EventWriter {
  let buffer = Buffer.allocUnsafeSlow(bufferBytes);
  let at = 0;

  function reserve(bytes: number): void {
    if (at + bytes <= buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(2 * (at + bytes));
    buffer.copy(larger, 0, 0, at);
    buffer = larger;
  }

  /** `bytes`: one character per byte of the UTF-8 text. */
  function put(bytes: string): void {
    reserve(bytes.length);
    at += buffer.write(bytes, at, 'latin1');
  }

  function whole(segment: DetailedSegment, place: number): void {
    const layer = layerOf(segment, place);
    const ordinal = ordinalOf(segment, place);
    // Without the comma before it and the brace behind it.
    const [from, to] = [(layer.textAt[ordinal] as number) + 1, (layer.textAt[ordinal + 1] as number) - 1];
    reserve(to - from + restRoom(segment, place));
    at += layer.text.copy(buffer, at, from, to);
    at = writeRest(
      segment,
      place,
      layer.starts[ordinal] as number,
      layer.ends[ordinal] as number,
      buffer,
      at,
    );
  }

  return {
    clear: () => void (at = 0),
    text: put,
    event({ segments }, ref, fields) {
      const begin = at;
      whole(segments[segmentOf(ref)] as DetailedSegment, placeOf(ref));
      if (fields === null) return;
      const event = JSON.parse(buffer.toString('utf8', begin, at)) as Record<FieldName, unknown>;
      const some = Object.fromEntries(fields.map((name) => [name, event[name]]));
      at = begin;
      put(Buffer.from(JSON.stringify(some)).toString('latin1'));
    },
    written: () => buffer.subarray(0, at),
    detach() {
      buffer = Buffer.allocUnsafeSlow(bufferBytes);
      at = 0;
    },
  };
}
