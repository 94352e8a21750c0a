// Finds an event that the journal names in a version of the catalogue.

import type { JournaledEvent } from '#/domain/journaled.ts';
import { dayMs } from '#/domain/time/calendar.ts';
import { placeOfId } from '#/search/by-id/id-index.ts';
import type { DetailedSegment, Edition } from '#/search/events/edition.ts';

export interface FoundEvent {
  readonly segment: DetailedSegment;
  /** Of the segment. */
  readonly index: number;
  readonly place: number;
}

/** The archive may have moved it to another day since the edition: then every segment is searched. */
export function findEvent(
  { segments }: Edition,
  { id, day }: Pick<JournaledEvent, 'id' | 'day'>,
): FoundEvent | null {
  const isNear = ({ minStart, maxStart }: DetailedSegment): boolean =>
    maxStart >= day * dayMs && minStart < (day + 1) * dayMs;
  for (const near of [true, false])
    for (const [index, segment] of segments.entries()) {
      if (isNear(segment) !== near) continue;
      const place = placeOfId(segment, id);
      if (place !== null) return { segment, index, place };
    }
  return null;
}
