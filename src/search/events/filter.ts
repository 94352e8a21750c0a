// Turns a filter into what a scan of one segment needs: the ordinals of each layer that can match, the set of places that the
// criteria admit, and a test of one event for the rest.

import { longMs } from '#/snapshot/layers.ts';
import type { Layer } from '#/snapshot/segment.ts';
import { mayMatch, type Bounds } from '#/search/bounds.ts';
import { firstAbove, firstAtLeast } from '#/search/ordinals.ts';
import type { Criteria } from '#/search/sets/criteria.ts';
import type { PlaceSet } from '#/search/sets/place-set.ts';
import { meets } from '#/search/sets/prices.ts';
import type { DetailedSegment } from './edition.ts';

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
