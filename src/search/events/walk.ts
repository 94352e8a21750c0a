// The next page of a walk: the events behind the last one, in the order of the query.

import type { Edition } from './edition.ts';
import type { EventFilter, EventOrder } from './query.ts';
import { refOf } from './refs.ts';
import { visitMatches } from './scan.ts';
import { firstInOrder } from './sorted.ts';

/** References to the first `limit` events behind `after`; null for the beginning. */
export function nextPage(
  edition: Edition,
  filter: EventFilter,
  order: EventOrder,
  after: number | null,
  limit: number,
): readonly number[] {
  if (order.by !== 'start') return firstInOrder(edition, filter, order, after, limit);
  const refs: number[] = [];
  visitMatches(edition, filter, order.descending, after, (segment, place) => {
    refs.push(refOf(segment, place));
    return refs.length < limit;
  });
  return refs;
}
