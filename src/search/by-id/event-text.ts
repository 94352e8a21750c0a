// The JSON of one event that was found by its id.

import { priceAsJson } from '#/domain/price.ts';
import { zonesIn } from '#/domain/zones.ts';

import { createEventWriter } from '#/search/events/render.ts';
import type { Sighted } from '#/domain/event.ts';
import { withFields, type EventField } from './fields.ts';
import type { Found } from './id-index.ts';

const writer = createEventWriter();

/** `sighted`: null when no field of it is needed. `fields`: null for all. */
export function eventText(
  { segment, place }: Pick<Found, 'segment' | 'place'>,
  sighted: Sighted | null,
  fields: readonly EventField[] | null,
): string {
  const alone = { segments: [segment] };
  writer.clear();
  writer.event(alone, place, null);
  const text = writer.written().toString();
  const whole = sighted === null ? text : `${text.slice(0, -1)}${sightedText(sighted)}}`;
  return fields === null ? whole : withFields(whole, fields);
}

/** The bytes of an event with some of the fields that lists have, one character for each byte of the UTF-8 text. */
export function eventBytes(
  { segment, place }: Pick<Found, 'segment' | 'place'>,
  fields: readonly EventField[],
): string {
  writer.clear();
  writer.event({ segments: [segment] }, place, null);
  // No byte of a character beyond ASCII is one of ASCII, so the names of fields are found in bytes too.
  return withFields(writer.written().toString('latin1'), fields);
}

/** `,"zones":…`: the fields of a companion. */
export function sightedText({ zones, firstSeenAt, lastSeenAt, lastOnlineAt }: Sighted): string {
  return (
    `,"zones":${zonesText(zones)},"first_seen_at":${instantText(firstSeenAt)}` +
    `,"last_seen_at":${instantText(lastSeenAt)},"last_online_at":${instantText(lastOnlineAt)}`
  );
}

/** With milliseconds: `as_of` tells apart runs that began in the same second. */
export const instantText = (instant: number | null): string =>
  instant === null ? 'null' : `"${new Date(instant).toISOString()}"`;

/** `rows`: see `zonesIn`. */
export function zonesText(rows: string): string {
  if (rows === 'null') return rows;
  const zones = zonesIn(rows).map(
    ({ zoneId, name, price, capacity, numbered }) =>
      `{"id":${JSON.stringify(zoneId)},"name":${JSON.stringify(name)},"price":${priceAsJson(price)},` +
      `"capacity":${capacity},"numbered":${numbered}}`,
  );
  return `[${zones.join(',')}]`;
}
