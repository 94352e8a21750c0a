// The beginning of an order: its first events among all that the criteria admit, whatever their times and prices. A query with a
// range or a price is answered by one pass through it, if enough of these events match: merging the orders of the segments takes
// several times as long. It grows when as many queries have reached its end as cost more than its growth: where versions follow each
// other quickly, or words are asked for once, it stays short.

import { criteriaOf } from './criteria.ts';
import type { KeptOrder } from './orders.ts';
import { meets } from './prices.ts';
import { endOf, startOf } from '#/snapshot/places.ts';
import type { DetailedSegment, Edition } from '#/search/events/edition.ts';
import { boundsOf, mayMatch, type Bounds, type Times } from '#/search/bounds.ts';
import { firstMerged } from '#/search/events/merged.ts';
import type { EventFilter, EventOrder } from '#/search/events/query.ts';
import { placeOf, segmentOf } from '#/search/events/refs.ts';

/** Events that are adjacent in the order. */
interface Part extends Times {
  readonly refs: Float64Array;
  readonly starts: Float64Array;
  readonly ends: Float64Array;
}

interface Beginning {
  readonly parts: Part[];
  /** Whether these are all events that the criteria admit. */
  isWhole: boolean;
  /** Queries that have reached its end since it grew. */
  missed: number;
}

interface Beginnings {
  /** By the name of the order and the criteria. */
  readonly byName: Map<string, Beginning>;
  events: number;
}

const partEvents = 64;
/** By which a beginning grows: that takes as long as ten or twenty pages, and less than a millisecond. */
const grownEvents = 512;
const missedMax = 32;
const partsMax = 512;
/** Of one edition: 5 MB. */
const eventsMax = 131_072;
const namesMax = 64;

const known = new WeakMap<Edition, Beginnings>();

type Order = EventOrder & { readonly by: KeptOrder };

/** As `firstMerged`, and null as well when the beginning has too few events that match. */
export function firstInBeginning(
  edition: Edition,
  filter: EventFilter,
  order: Order,
  after: number | null,
  limit: number,
): number[] | null {
  // The events that end first are in the first segments: no beginning has those of a later range.
  if (order.by === 'end') return null;
  const { name, price } = criteriaOf(edition, filter);
  const beginning = beginningOf(edition, `${order.by} ${order.descending} ${name}`);
  const bounds = boundsOf(filter);
  const { parts } = beginning;
  const found: number[] = [];
  /** Whether `after` has come. */
  let hasBegun = after === null;
  for (let i = 0; ; i++) {
    if (i === parts.length && !beginning.isWhole && ++beginning.missed > missedMax) {
      beginning.missed = 0;
      grow(edition, filter, order, beginning);
    }
    if (i === parts.length) return beginning.isWhole && hasBegun ? found : null;
    const part = parts[i] as Part;
    let from = 0;
    if (!hasBegun) {
      const last = part.refs.indexOf(after as number);
      if (last < 0) continue;
      [from, hasBegun] = [last + 1, true];
    }
    if (!mayMatch(part, bounds)) continue;
    const { refs } = part;
    for (let at = from; at < refs.length; at++) {
      if (!matchesAt(part, at, bounds)) continue;
      const ref = refs[at] as number;
      if (price !== null) {
        const { minPrices, maxPrices } = (edition.segments[segmentOf(ref)] as DetailedSegment).details;
        const place = placeOf(ref);
        if (!meets(price, minPrices[place] as number, maxPrices[place] as number)) continue;
      }
      found.push(ref);
      if (found.length === limit) return found;
    }
  }
}

/** Whether the times of one event match. */
function matchesAt(
  { starts, ends }: Part,
  at: number,
  { startMin, startMax, endMin, endMax, freeFrom }: Bounds,
): boolean {
  const [start, end] = [starts[at] as number, ends[at] as number];
  return start >= startMin && start <= startMax && end <= endMax && (end >= endMin || start >= freeFrom);
}

function beginningOf(edition: Edition, name: string): Beginning {
  let kept = known.get(edition);
  if (kept === undefined || kept.events > eventsMax || kept.byName.size > namesMax)
    known.set(edition, (kept = { byName: new Map(), events: 0 }));
  let beginning = kept.byName.get(name);
  if (beginning === undefined) kept.byName.set(name, (beginning = { parts: [], isWhole: false, missed: 0 }));
  return beginning;
}

function grow(edition: Edition, filter: EventFilter, order: Order, beginning: Beginning): void {
  const { parts } = beginning;
  if (parts.length >= partsMax) return;
  const all: EventFilter = {
    ...filter,
    range: { start: -Infinity, end: Infinity },
    match: 'within',
    minPrice: null,
    maxPrice: null,
  };
  const refs = firstMerged(edition, all, order, parts.at(-1)?.refs.at(-1) ?? null, grownEvents);
  // Null when the orders are not kept.
  if (refs === null) return;
  for (let from = 0; from < refs.length; from += partEvents)
    parts.push(partOf(edition, refs.slice(from, from + partEvents)));
  beginning.isWhole = refs.length < grownEvents;
  const kept = known.get(edition);
  if (kept !== undefined) kept.events += refs.length;
}

function partOf({ segments }: Edition, refs: readonly number[]): Part {
  const timesOf = (read: typeof startOf): Float64Array =>
    Float64Array.from(refs, (ref) => read(segments[segmentOf(ref)] as DetailedSegment, placeOf(ref)));
  const [starts, ends] = [timesOf(startOf), timesOf(endOf)];
  return {
    refs: Float64Array.from(refs),
    starts,
    ends,
    minStart: Math.min(...starts),
    maxStart: Math.max(...starts),
    minEnd: Math.min(...ends),
    maxEnd: Math.max(...ends),
  };
}
