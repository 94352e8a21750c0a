// Renders events as `/events` returns them: the text of `/search`, followed by the details.

import { dayMs, dayOf } from '#/domain/calendar.ts';
import { dateOf, timeOf } from '#/snapshot/clock-text.ts';
import { isListed, isOffline, none, saleFromOf, saleToOf, soldOutOf, sourceOf } from '#/snapshot/details.ts';
import { layerOf, ordinalOf } from '#/snapshot/places.ts';
import type { DetailedSegment, Edition } from './edition.ts';
import type { FieldName } from './parameters.ts';
import { placeOf, segmentOf } from './refs.ts';

/** The size of the buffer at first; a page of fifty events takes half of it. */
const bufferBytes = 65_536;

/**
 * An event as JSON. The string has one character per byte of the UTF-8 text (`latin1`): cutting texts out of a segment and joining
 * them is then much faster than copying each of their parts into a buffer.
 */
export function renderEvent(edition: Edition, ref: number, fields: readonly FieldName[] | null): string {
  const text = renderAll(edition.segments[segmentOf(ref)] as DetailedSegment, placeOf(ref));
  if (fields === null) return text;
  const event = JSON.parse(Buffer.from(text, 'latin1').toString()) as Record<FieldName, unknown>;
  const some = Object.fromEntries(fields.map((name) => [name, event[name]]));
  return Buffer.from(JSON.stringify(some)).toString('latin1');
}

function renderAll(segment: DetailedSegment, place: number): string {
  const { details } = segment;
  const layer = layerOf(segment, place);
  const ordinal = ordinalOf(segment, place);
  const { text, textAt } = layer;
  // Without the comma before it and the brace behind it.
  const summary = text.toString(
    'latin1',
    (textAt[ordinal] as number) + 1,
    (textAt[ordinal + 1] as number) - 1,
  );
  const key = details.keys.toString('latin1', details.keysAt[place], details.keysAt[place + 1]);
  const middle = key.indexOf('\0');
  const traits = details.traits[place] as number;
  return (
    summary +
    ',"starts_at":"' +
    rfc3339(layer.starts[ordinal] as number) +
    '","ends_at":"' +
    rfc3339(layer.ends[ordinal] as number) +
    '"' +
    sourceText(segment, sourceOf(traits)) +
    ',"base_id":"' +
    key.slice(0, middle) +
    '","plan_id":"' +
    key.slice(middle + 1) +
    saleText(segment, place, traits)
  );
}

/** Turns texts of one character per byte into bytes, in one buffer that is reused. */
export interface EventWriter {
  /** Valid until the next call. */
  bytesOf(text: string): Buffer;
  /** What `bytesOf` returned last belongs to somebody else from now on: the next text needs a buffer of its own. */
  detach(): void;
}

export function createEventWriter(): EventWriter {
  let buffer = Buffer.allocUnsafeSlow(bufferBytes);
  return {
    bytesOf(text) {
      if (text.length > buffer.length) buffer = Buffer.allocUnsafeSlow(2 * text.length);
      return buffer.subarray(0, buffer.write(text, 'latin1'));
    },
    detach() {
      buffer = Buffer.allocUnsafeSlow(bufferBytes);
    },
  };
}

function saleText({ details }: DetailedSegment, place: number, traits: number): string {
  const capacity = details.capacities[place] as number;
  return (
    `","sell_mode":"${isOffline(traits) ? 'offline' : 'online'}"` +
    `,"sell_from":${quoted(saleFromOf(details, place))},"sell_to":${quoted(saleToOf(details, place))}` +
    `,"sold_out":${soldOutOf(traits)},"capacity":${capacity === none ? 'null' : capacity},"listed":${isListed(traits)}}`
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
