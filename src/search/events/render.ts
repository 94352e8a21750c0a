// Renders events as `/events` returns them: the text of `/search`, followed by the details.

import { civilFromDay, dayMs, dayOf } from '#/domain/calendar.ts';
import { isListed, isOffline, none, saleFromOf, saleToOf, soldOutOf, sourceOf } from '#/snapshot/details.ts';
import { layerOf, ordinalOf } from '#/snapshot/places.ts';
import type { DetailedSegment, Edition } from './edition.ts';
import type { FieldName } from './parameters.ts';
import { placeOf, segmentOf } from './refs.ts';

/** More than all that is written beside an event's text, its ids and its source. */
const restMax = 400;
const baseName = Buffer.from(',"base_id":"');
const planName = Buffer.from('","plan_id":"');

/** Renders one event after the other into one buffer, which grows and is reused. */
export interface EventWriter {
  /** Begins anew. */
  clear(): void;
  text(ascii: string): void;
  event(edition: Edition, ref: number, fields: readonly FieldName[] | null): void;
  readonly bytes: number;
  /** A copy of all that is written. */
  take(): Buffer;
}

export function createEventWriter(): EventWriter {
  let buffer = Buffer.allocUnsafeSlow(65_536);
  let at = 0;

  function reserve(bytes: number): void {
    if (at + bytes <= buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(buffer.length * 2, at + bytes));
    buffer.copy(larger, 0, 0, at);
    buffer = larger;
  }

  function whole(segment: DetailedSegment, place: number): void {
    const { details } = segment;
    const layer = layerOf(segment, place);
    const ordinal = ordinalOf(segment, place);
    const { text, textAt } = layer;
    const [from, to] = [(textAt[ordinal] as number) + 1, (textAt[ordinal + 1] as number) - 1];
    const [keyFrom, keyTo] = [details.keysAt[place] as number, details.keysAt[place + 1] as number];
    const traits = details.traits[place] as number;
    const source = sourceText(segment, sourceOf(traits));
    reserve(to - from + keyTo - keyFrom + source.length + restMax);
    at += text.copy(buffer, at, from, to);
    const times = `,"starts_at":"${rfc3339(layer.starts[ordinal] as number)}","ends_at":"${rfc3339(layer.ends[ordinal] as number)}"`;
    at += buffer.write(times, at, 'latin1');
    at += source.copy(buffer, at);
    at += baseName.copy(buffer, at);
    const middle = details.keys.indexOf(0, keyFrom);
    at += details.keys.copy(buffer, at, keyFrom, middle);
    at += planName.copy(buffer, at);
    at += details.keys.copy(buffer, at, middle + 1, keyTo);
    at += buffer.write(saleText(segment, place, traits), at, 'latin1');
  }

  return {
    clear() {
      at = 0;
    },
    text(ascii) {
      reserve(ascii.length);
      at += buffer.write(ascii, at, 'latin1');
    },
    event({ segments }, ref, fields) {
      const begin = at;
      whole(segments[segmentOf(ref)] as DetailedSegment, placeOf(ref));
      if (fields === null) return;
      const event = JSON.parse(buffer.toString('utf8', begin, at)) as Record<FieldName, unknown>;
      const text = JSON.stringify(Object.fromEntries(fields.map((name) => [name, event[name]])));
      at = begin;
      at += buffer.write(text, at);
    },
    get bytes() {
      return at;
    },
    take: () => Buffer.from(buffer.subarray(0, at)),
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

const sourceTexts = new WeakMap<DetailedSegment, Buffer[]>();

/** `,"time_zone":"…","provider":"…"`: a segment has few sources. */
function sourceText(segment: DetailedSegment, source: number): Buffer {
  let texts = sourceTexts.get(segment);
  if (texts === undefined) {
    texts = segment.details.sources.map(({ provider, timeZone }) =>
      Buffer.from(`,"time_zone":${JSON.stringify(timeZone)},"provider":${JSON.stringify(provider)}`),
    );
    sourceTexts.set(segment, texts);
  }
  return texts[source] as Buffer;
}

let dayKnown = NaN;
let dayText = '';

/** An instant in UTC. Events have whole seconds. A year beyond 0 to 9999 has a sign and six digits. */
export function rfc3339(instant: number): string {
  const day = dayOf(instant);
  if (day !== dayKnown) {
    const { year, month, day: dayOfMonth } = civilFromDay(day);
    const years =
      year >= 0 && year <= 9999
        ? String(year).padStart(4, '0')
        : `${year < 0 ? '-' : '+'}${String(Math.abs(year)).padStart(6, '0')}`;
    dayText = `${years}-${two(month)}-${two(dayOfMonth)}T`;
    dayKnown = day;
  }
  const seconds = Math.floor((instant - day * dayMs) / 1000);
  return `${dayText}${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}Z`;
}

const two = (number: number): string => (number < 10 ? `0${number}` : String(number));
