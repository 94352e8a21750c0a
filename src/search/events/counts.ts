// Counts the events of an edition that match a filter, and finds the page that begins at a number. A segment that lies wholly in the
// range is counted without a look at its events.

import { boundsOf, isWithin } from '#/search/bounds.ts';
import { criteriaOf, type Criteria } from '#/search/sets/criteria.ts';
import { countBetween, nextIn } from '#/search/sets/place-set.ts';
import { countInRange, countMeeting, placeBehind } from '#/search/sets/prices.ts';
import type { DetailedSegment, Edition } from './edition.ts';
import { candidatesIn, type Candidates, type Test } from './filter.ts';
import type { EventFilter } from './query.ts';
import { refOf } from './refs.ts';
import { countUpTo, visitDown, visitUp, type Position } from './scan.ts';

export interface Counts {
  readonly total: number;
  /** By the index of the segment. */
  readonly bySegment: Uint32Array;
}

/** Events of segments whose prices are sorted for one query; further segments are counted event by event until later ones. */
const sortedPerQuery = 16_384;

export function countMatches(edition: Edition, filter: EventFilter): Counts {
  const { segments } = edition;
  const criteria = criteriaOf(edition, filter);
  const bounds = boundsOf(filter);
  const bySegment = new Uint32Array(segments.length);
  let total = 0;
  let mayBeSorted = sortedPerQuery;
  const { prices, price } = criteria;
  for (const i of criteria.indexes()) {
    const segment = segments[i] as DetailedSegment;
    if (isWithin(segment, bounds)) {
      const sorted = prices?.kept(i);
      const count = sorted === undefined ? criteria.setIn(i).count : sorted.lowest.length;
      if (price === null || count === 0) {
        total += bySegment[i] = count;
        continue;
      }
      if (sorted === undefined) mayBeSorted -= segment.events;
      if (prices !== null && (sorted !== undefined || mayBeSorted >= 0)) {
        total += bySegment[i] = countInRange(sorted ?? prices.of(i), price);
        continue;
      }
    }
    const candidates = candidatesIn(segment, i, criteria, bounds);
    if (candidates !== null) total += bySegment[i] = countIn(segment, candidates, criteria);
  }
  return { total, bySegment };
}

function countIn(segment: DetailedSegment, candidates: Candidates, { price }: Criteria): number {
  const { brief, details } = segment;
  const { briefFrom, briefTo, longFrom, longTo, sureFrom, sureTo, set, test } = candidates;
  const [longBegin, longEnd] = [brief.events + longFrom, brief.events + longTo];
  if (test === null) return countBetween(set, briefFrom, briefTo) + countBetween(set, longBegin, longEnd);
  return (
    countTested(segment, candidates, test, briefFrom, sureFrom) +
    (price === null
      ? countBetween(set, sureFrom, sureTo)
      : countMeeting(details, set, price, sureFrom, sureTo)) +
    countTested(segment, candidates, test, sureTo, briefTo) +
    countTested(segment, candidates, test, longBegin, longEnd)
  );
}

/** Places of one layer. */
function countTested(
  { brief, long }: DetailedSegment,
  { set: { bits } }: Candidates,
  test: Test,
  from: number,
  to: number,
): number {
  const [layer, shift] = from < brief.events ? [brief, 0] : [long, brief.events];
  const { starts, ends } = layer;
  let events = 0;
  for (
    let place = bits === null ? from : nextIn(bits, from, to);
    place < to;
    place = bits === null ? place + 1 : nextIn(bits, place + 1, to)
  )
    if (test(place, starts[place - shift] as number, ends[place - shift] as number)) events++;
  return events;
}

/** Whether at most `most` events can match, by what is known without a look at them. */
export function hasAtMost(edition: Edition, filter: EventFilter, most: number): boolean {
  const { segments } = edition;
  const criteria = criteriaOf(edition, filter);
  const bounds = boundsOf(filter);
  let events = 0;
  for (const i of criteria.indexes()) {
    if (events > most) break;
    const segment = segments[i] as DetailedSegment;
    if (isWithin(segment, bounds)) {
      events += criteria.setIn(i).count;
      continue;
    }
    const candidates = candidatesIn(segment, i, criteria, bounds);
    if (candidates === null) continue;
    const { briefFrom, briefTo, longFrom, longTo, set } = candidates;
    events += Math.min(set.count, briefTo - briefFrom + longTo - longFrom);
  }
  return events <= most;
}

/** References to `limit` events from the `offset`th on; whole segments before it are not visited. */
export function pageByStart(
  edition: Edition,
  filter: EventFilter,
  descending: boolean,
  { bySegment }: Counts,
  offset: number,
  limit: number,
): number[] {
  const { segments } = edition;
  const criteria = criteriaOf(edition, filter);
  const bounds = boundsOf(filter);
  const step = descending ? -1 : 1;
  const refs: number[] = [];
  let skip = offset;
  const take = (index: number, place: number): boolean => {
    if (skip > 0) skip--;
    else refs.push(refOf(index, place));
    return refs.length < limit;
  };
  for (let i = descending ? segments.length - 1 : 0; i >= 0 && i < segments.length; i += step) {
    const events = bySegment[i] as number;
    if (events <= skip) {
      skip -= events;
      continue;
    }
    const segment = segments[i] as DetailedSegment;
    const candidates = candidatesIn(segment, i, criteria, bounds);
    if (candidates === null) continue;
    const { price } = criteria;
    const { briefFrom, briefTo, longFrom, longTo, set, fitsTimes } = candidates;
    // Only the price is tested. With long events, all are still to be skipped.
    const isPriced = price !== null && fitsTimes && !descending && longFrom === longTo;
    const [from, rest]: readonly [Position, number] = isPriced
      ? [{ brief: placeBehind(segment.details, set, price, skip, briefFrom, briefTo), long: longFrom }, 0]
      : positionOf(segment, candidates, descending, skip, events);
    skip = rest;
    const goes = descending
      ? visitDown(segment, i, candidates, from, take)
      : visitUp(segment, i, candidates, from, take);
    if (!goes) break;
  }
  return refs;
}

/** Where the scan of a segment begins to skip `skip` of its `events` matches, and how many it must still skip from there. */
function positionOf(
  segment: DetailedSegment,
  candidates: Candidates,
  descending: boolean,
  skip: number,
  events: number,
): [position: Position, skip: number] {
  const { briefFrom, briefTo, longFrom, longTo, set, test } = candidates;
  const { brief, long } = segment;
  if (test !== null || skip === 0)
    return descending
      ? [{ brief: briefTo - 1, long: longTo - 1 }, skip]
      : [{ brief: briefFrom, long: longFrom }, skip];
  const longBefore = (i: number): number => Math.min(Math.max(countUpTo(long.before, i), longFrom), longTo);
  /** Matches before the brief event `i`. */
  const countBefore = (i: number): number =>
    countBetween(set, briefFrom, i) +
    countBetween(set, brief.events + longFrom, brief.events + longBefore(i));
  const wanted = descending ? events - skip : skip;
  // The first brief event with as many matches before it, or the end.
  let [at, high] = [briefFrom, briefTo];
  while (at < high) {
    const middle = (at + high) >>> 1;
    if (countBefore(middle) < wanted) at = middle + 1;
    else high = middle;
  }
  const before = countBefore(at);
  if (descending) return [{ brief: at - 1, long: longBefore(at) - 1 }, before - wanted];
  if (before > wanted) at--;
  return at < briefFrom
    ? [{ brief: briefFrom, long: longFrom }, skip]
    : [{ brief: at, long: longBefore(at) }, wanted - countBefore(at)];
}
