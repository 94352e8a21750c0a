// An event of a segment as an object: what `/events` returns of it, under the same names.

import {
  isListed,
  isOffline,
  none,
  saleFromOf,
  saleToOf,
  soldOutOf,
  sourceOf,
  type Details,
} from '#/snapshot/details.ts';
import { rfc3339 } from '#/snapshot/clock-text.ts';
import { endOf, layerOf, ordinalOf, startOf } from '#/snapshot/places.ts';
import type { Segment } from '#/snapshot/segment.ts';
import { statusAt } from '#/snapshot/statuses.ts';

export type EventObject = Readonly<Record<string, unknown>>;

/** Without details in a segment of an earlier version of Marquee. */
export function eventObject(segment: Segment, place: number): EventObject {
  const { text, textAt } = layerOf(segment, place);
  const ordinal = ordinalOf(segment, place);
  const json = text.toString('utf8', (textAt[ordinal] as number) + 1, textAt[ordinal + 1]);
  const event = JSON.parse(json) as EventObject;
  if (segment.details === null) return event;
  return {
    ...event,
    starts_at: rfc3339(startOf(segment, place)),
    ends_at: rfc3339(endOf(segment, place)),
    ...detailsObject(segment.details, place),
  };
}

function detailsObject(details: Details, place: number): EventObject {
  const traits = details.traits[place] as number;
  const source = details.sources[sourceOf(traits)];
  const key = details.keys.toString('utf8', details.keysAt[place], details.keysAt[place + 1]).split('\0');
  const capacity = details.capacities[place] as number;
  return {
    time_zone: source?.timeZone,
    provider: source?.provider,
    // They are stored as the inside of JSON strings.
    base_id: JSON.parse(`"${key[0]}"`) as unknown,
    plan_id: JSON.parse(`"${key[1]}"`) as unknown,
    sell_mode: isOffline(traits) ? 'offline' : 'online',
    sell_from: clockOf(saleFromOf(details, place)),
    sell_to: clockOf(saleToOf(details, place)),
    sold_out: soldOutOf(traits),
    capacity: capacity === none ? null : capacity,
    listed: isListed(traits),
    status: statusAt(details, place),
  };
}

/** A wall clock in seconds since 1970, as if it were of UTC; NaN for null. */
const clockOf = (seconds: number): string | null =>
  Number.isNaN(seconds) ? null : rfc3339(seconds * 1000).slice(0, -1);

/** The names of the fields whose values differ, in their order. */
export const differing = (before: EventObject, after: EventObject): string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => before[name] !== after[name],
  );
