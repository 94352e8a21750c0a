// Turns a filter into what a scan of one segment needs: the ordinals of each layer that can match, the set of places that the
// criteria admit, and a test of one event for the rest.
//
//   match      an event from start to end, a range from S to E
//   within     start >= S and end <= E, as in /search
//   starts     S <= start <= E
//   contains   start <= S and end >= E
//   overlaps   takes place at some instant of the range. It does so from its start up to but not including its end; an event
//              without length does so at its start: start <= E and (start >= S or end > S)

import { longMs } from '#/snapshot/layers.ts';
import type { Layer } from '#/snapshot/segment.ts';
import { firstAbove, firstAtLeast } from '#/search/ordinals.ts';
import type { Criteria } from '#/search/sets/criteria.ts';
import type { PlaceSet } from '#/search/sets/place-set.ts';
import { meets } from '#/search/sets/prices.ts';
import type { DetailedSegment } from './edition.ts';
import type { EventFilter } from './query.ts';

export type Test = (place: number, start: number, end: number) => boolean;

export interface Candidates {
  /** Ordinals of the brief layer and of the long one, `to` exclusive. */
  readonly briefFrom: number;
  readonly briefTo: number;
  readonly longFrom: number;
  readonly longTo: number;
  /** Whether the times of all these match. */
  readonly fitsTimes: boolean;
  /** The times of the brief events from here to there match. */
  readonly sureFrom: number;
  readonly sureTo: number;
  /** Not empty. */
  readonly set: PlaceSet;
  /** Tests what the ordinals and the set leave open; null when every candidate matches. */
  readonly test: Test | null;
}

export interface Bounds {
  readonly startMin: number;
  readonly startMax: number;
  readonly endMin: number;
  readonly endMax: number;
  /** An event that starts here or later matches whatever `endMin` is. */
  readonly freeFrom: number;
}

const open = {
  startMin: -Infinity,
  startMax: Infinity,
  endMin: -Infinity,
  endMax: Infinity,
  freeFrom: Infinity,
};

export function boundsOf({ match, range: { start, end } }: Pick<EventFilter, 'match' | 'range'>): Bounds {
  if (match === 'within') return { ...open, startMin: start, startMax: end, endMax: end };
  if (match === 'starts') return { ...open, startMin: start, startMax: end };
  if (match === 'contains') return { ...open, startMax: start, endMin: end };
  // Instants are whole milliseconds.
  return { ...open, startMax: end, endMin: start + 1, freeFrom: start };
}

/** Whether the times of all events of the segment match. */
export const isWithin = ({ minStart, maxStart, minEnd, maxEnd }: DetailedSegment, bounds: Bounds): boolean =>
  minStart >= bounds.startMin &&
  maxStart <= bounds.startMax &&
  maxEnd <= bounds.endMax &&
  (minEnd >= bounds.endMin || minStart >= bounds.freeFrom);

/** The least and the greatest times of some events. */
export interface Times {
  readonly minStart: number;
  readonly maxStart: number;
  readonly minEnd: number;
  readonly maxEnd: number;
}

/** False when the times of none of these events match. */
export const mayMatch = (
  { minStart, maxStart, minEnd, maxEnd }: Times,
  { startMin, startMax, endMin, endMax, freeFrom }: Bounds,
): boolean =>
  minStart <= startMax &&
  maxStart >= startMin &&
  minEnd <= endMax &&
  (maxEnd >= endMin || maxStart >= freeFrom);

/** Null when no event of the segment matches. `index`: of the segment in the edition of the criteria. */
export function candidatesIn(
  segment: DetailedSegment,
  index: number,
  criteria: Criteria,
  bounds: Bounds,
): Candidates | null {
  const { startMin, startMax, endMin, endMax, freeFrom } = bounds;
  if (!mayMatch(segment, bounds)) return null;
  const set = criteria.setIn(index);
  if (set.count === 0) return null;
  const { brief, long } = segment;
  const [briefFrom, briefTo] = rangeIn(
    brief,
    Math.max(startMin, Math.min(endMin - longMs, freeFrom)),
    startMax,
  );
  const [longFrom, longTo] = rangeIn(long, startMin, startMax);
  const fitsTimes = segment.maxEnd <= endMax && (segment.minEnd >= endMin || segment.minStart >= freeFrom);
  // An event ends at its start or later, a brief one within `longMs`.
  const sureFrom = fitsTimes ? briefFrom : firstAtLeast(brief.starts, Math.min(endMin, freeFrom));
  const sureTo = fitsTimes ? briefTo : firstAbove(brief.starts, endMax - longMs, 0);
  return {
    briefFrom,
    briefTo,
    longFrom,
    longTo,
    fitsTimes,
    sureFrom: Math.min(Math.max(sureFrom, briefFrom), briefTo),
    sureTo: Math.min(Math.max(sureTo, sureFrom, briefFrom), briefTo),
    set,
    test: testOf(segment, criteria, bounds, fitsTimes),
  };
}

function testOf(
  { details }: DetailedSegment,
  { price }: Criteria,
  bounds: Bounds,
  fitsTimes: boolean,
): Test | null {
  const { minPrices, maxPrices } = details;
  const { endMin, endMax, freeFrom } = bounds;
  const byPrice: Test | null =
    price === null ? null : (place) => meets(price, minPrices[place] as number, maxPrices[place] as number);
  if (fitsTimes) return byPrice;
  return (place, start, end) =>
    end <= endMax && (end >= endMin || start >= freeFrom) && (byPrice === null || byPrice(place, start, end));
}

/** The ordinals of events that start from `startMin` to `startMax`; most segments lie wholly in the range. */
function rangeIn({ starts, events }: Layer, startMin: number, startMax: number): [from: number, to: number] {
  if (events === 0) return [0, 0];
  const from = (starts[0] as number) >= startMin ? 0 : firstAtLeast(starts, startMin);
  const to = (starts[events - 1] as number) <= startMax ? events : firstAbove(starts, startMax, from);
  return [from, to];
}
