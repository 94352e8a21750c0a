// Renders events as `/events` returns them: the text of `/search`, followed by the details.

import { dayMs, dayOf } from '#/domain/time/calendar.ts';
import { dateOf, timeOf } from '#/snapshot/clock-text.ts';
import { isListed, isOffline, none, saleFromOf, saleToOf, soldOutOf, sourceOf } from '#/snapshot/details.ts';
import { statusAt } from '#/snapshot/statuses.ts';
import { layerOf, ordinalOf } from '#/snapshot/places.ts';
import type { DetailedSegment, Edition } from './edition.ts';
import type { FieldName } from './parameters.ts';
import { placeOf, segmentOf } from './refs.ts';

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

  /** The long text is copied as bytes, all that follows is joined as one string: of the ways tried, this takes the least time. */
  function whole(segment: DetailedSegment, place: number): void {
    const layer = layerOf(segment, place);
    const ordinal = ordinalOf(segment, place);
    // Without the comma before it and the brace behind it.
    const [from, to] = [(layer.textAt[ordinal] as number) + 1, (layer.textAt[ordinal + 1] as number) - 1];
    reserve(to - from);
    buffer.set(layer.text.subarray(from, to), at);
    at += to - from;
    put(restOf(segment, place, layer.starts[ordinal] as number, layer.ends[ordinal] as number));
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

/** All that follows the text of `/search`. */
function restOf(segment: DetailedSegment, place: number, start: number, end: number): string {
  const { details } = segment;
  const key = details.keys.toString('latin1', details.keysAt[place], details.keysAt[place + 1]);
  const middle = key.indexOf('\0');
  const traits = details.traits[place] as number;
  return (
    ',"starts_at":"' +
    rfc3339(start) +
    '","ends_at":"' +
    rfc3339(end) +
    '"' +
    sourceText(segment, sourceOf(traits)) +
    ',"base_id":"' +
    key.slice(0, middle) +
    '","plan_id":"' +
    key.slice(middle + 1) +
    saleText(segment, place, traits)
  );
}

function saleText({ details }: DetailedSegment, place: number, traits: number): string {
  const capacity = details.capacities[place] as number;
  return (
    `","sell_mode":"${isOffline(traits) ? 'offline' : 'online'}"` +
    `,"sell_from":${quoted(saleFromOf(details, place))},"sell_to":${quoted(saleToOf(details, place))}` +
    `,"sold_out":${soldOutOf(traits)},"capacity":${capacity === none ? 'null' : capacity},"listed":${isListed(traits)}` +
    `,"status":${quoted(statusAt(details, place))}}`
  );
}

const quoted = (text: string | null): string => (text === null ? 'null' : `"${text}"`);

const sourceTexts = new WeakMap<DetailedSegment, string[]>();

/** `,"time_zone":"…","provider":"…"`: a segment has few sources. */
function sourceText(segment: DetailedSegment, source: number): string {
  let texts = sourceTexts.get(segment);
  if (texts === undefined) {
    texts = segment.details.sources.map(({ provider, timeZone }) =>
      Buffer.from(`,"time_zone":${JSON.stringify(timeZone)},"provider":${JSON.stringify(provider)}`).toString(
        'latin1',
      ),
    );
    sourceTexts.set(segment, texts);
  }
  return texts[source] as string;
}

/** An instant in UTC. Events have whole seconds. A year beyond 0 to 9999 has a sign and six digits. */
export function rfc3339(instant: number): string {
  const day = dayOf(instant);
  const seconds = Math.floor((instant - day * dayMs) / 1000);
  return `${dateOf(day)}T${timeOf(seconds)}Z`;
}
