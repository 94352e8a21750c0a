// The events of a version, in an order that does not depend on the version: the brief ones by (start, id), then the long ones. So a
// client that has received the events up to one of them can receive the rest from another version.

import type { DetailedSegment, Edition } from '#/search/events/edition.ts';
import { placeOf, segmentOf } from '#/search/events/refs.ts';
import type { EventWriter } from '#/search/events/render.ts';
import { idOfPlace, startOf } from '#/snapshot/places.ts';
import { providerOf, type Diff } from './diff.ts';
import { idOfRef } from './id-table.ts';
import { lookedAtMax } from './limits.ts';
import { writeChange } from './page.ts';
import { advance, placeOfWalk, refOfWalk, skipTo, walkLayer, type LayerWalk } from './walk.ts';

/** Where an event is in that order. */
export interface RowPlace {
  readonly isLong: boolean;
  /** Milliseconds since 1970 UTC. */
  readonly start: number;
  readonly id: string;
}

export interface RowsPlan {
  /** Changes on the page, those before the rows included. */
  readonly limit: number;
  /** Null for all. */
  readonly provider: string | null;
}

/**
 * Writes the events behind `after` (null for the beginning) as new, behind the `written` changes of the page. Returns the place of
 * the last event that was looked at, or null at the end; and how many changes the page has.
 */
export function writeRows(
  edition: Edition,
  after: RowPlace | null,
  { limit, provider }: RowsPlan,
  writer: EventWriter,
  written: number,
): { readonly upTo: RowPlace | null; readonly written: number } {
  let upTo = after;
  let looked = 0;
  for (const isLong of after?.isLong === true ? [true] : [false, true]) {
    const walk = walkFrom(edition, isLong, after?.isLong === isLong ? after : null);
    for (; walk.layer !== null; advance(walk)) {
      if (written === limit || looked === lookedAtMax) return { upTo, written };
      looked++;
      const { segment } = walk;
      const place = placeOfWalk(walk);
      const ref = refOfWalk(walk);
      upTo = { isLong, start: startOf(segment, place), id: idOfPlace(segment, place) };
      if (provider === null || providerOf(edition, ref) === provider)
        writeChange(writer, written++, { change: 'new', id: upTo.id }, edition, ref);
    }
  }
  return { upTo: null, written };
}

/** At the first event of the layer behind `after`. */
function walkFrom(edition: Edition, isLong: boolean, after: RowPlace | null): LayerWalk {
  const { segments } = edition;
  const found = after === null ? 0 : segments.findIndex(({ maxStart }) => maxStart >= after.start);
  const first = found < 0 ? segments.length : found;
  const indexes = Array.from({ length: segments.length - first }, (_, i) => first + i);
  const walk = walkLayer(edition, isLong ? 'long' : 'brief', indexes);
  if (after !== null) skipTo(walk, after);
  return walk;
}

/** Whether an event of the edition comes after a place in the order. */
export function isBehind(edition: Edition, ref: number, { isLong, start, id }: RowPlace): boolean {
  const segment = edition.segments[segmentOf(ref)] as DetailedSegment;
  const place = placeOf(ref);
  const isOwnLong = place >= segment.brief.events;
  if (isOwnLong !== isLong) return isOwnLong;
  const own = startOf(segment, place);
  return own === start ? idOfRef(edition, ref) > id : own > start;
}

/** The number of changes whose events are up to a place: they come first. */
export function eventsUpTo(diff: Diff, target: Edition, upTo: RowPlace): number {
  let [low, high] = [0, diff.events];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBehind(target, diff.refAt(middle), upTo)) high = middle;
    else low = middle + 1;
  }
  return low;
}
