// Visits the events of an edition that match a filter, in the order of (start, id) or its reverse.

import { boundsOf } from '#/search/bounds.ts';
import { criteriaOf } from '#/search/sets/criteria.ts';
import { nextIn, previousIn } from '#/search/sets/place-set.ts';
import type { DetailedSegment, Edition } from './edition.ts';
import { candidatesIn, type Candidates } from './filter.ts';
import type { EventFilter } from './query.ts';
import { placeOf, segmentOf } from './refs.ts';

/** Returns false to end the scan. */
export type Visit = (segment: number, place: number) => boolean;

/** `after`: where to continue, as a reference to the event visited last; null for the beginning. */
export function visitMatches(
  edition: Edition,
  filter: EventFilter,
  descending: boolean,
  after: number | null,
  visit: Visit,
): void {
  const { segments } = edition;
  const criteria = criteriaOf(edition, filter);
  const bounds = boundsOf(filter);
  const step = descending ? -1 : 1;
  const first =
    after !== null
      ? segmentOf(after)
      : descending
        ? segments.length - 1
        : firstFrom(segments, bounds.startMin);
  const indexes = criteria.indexes();
  const begin = descending ? countBelow(indexes, first + 1) - 1 : countBelow(indexes, first);
  for (let position = begin; position >= 0 && position < indexes.length; position += step) {
    const i = indexes[position] as number;
    const segment = segments[i] as DetailedSegment;
    const candidates = candidatesIn(segment, i, criteria, bounds);
    if (candidates === null) continue;
    const from =
      after !== null && i === first
        ? positionAt(segment, placeOf(after), descending)
        : beginning(candidates, descending);
    const goes = descending
      ? visitDown(segment, i, candidates, from, visit)
      : visitUp(segment, i, candidates, from, visit);
    if (!goes) return;
  }
}

/** How many of the numbers, which ascend, are less than `limit`. */
function countBelow(numbers: readonly number[], limit: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] as number) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first segment that has an event at or after `start`. */
function firstFrom(segments: Edition['segments'], start: number): number {
  let [low, high] = [0, segments.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((segments[middle] as DetailedSegment).maxStart < start) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Where to continue in each layer, by ordinal. */
export interface Position {
  readonly brief: number;
  readonly long: number;
}

const beginning = ({ briefFrom, briefTo, longFrom, longTo }: Candidates, descending: boolean): Position =>
  descending ? { brief: briefTo - 1, long: longTo - 1 } : { brief: briefFrom, long: longFrom };

/** Behind the event at `place`, in the direction of the scan. */
function positionAt(
  { brief, long: { before } }: DetailedSegment,
  place: number,
  descending: boolean,
): Position {
  const step = descending ? -1 : 1;
  if (place < brief.events) {
    const long = countUpTo(before, place);
    return { brief: place + step, long: descending ? long - 1 : long };
  }
  const long = place - brief.events;
  const next = before[long] as number;
  return { brief: descending ? next - 1 : next, long: long + step };
}

/** Long event `j` comes before brief event `i` when `before[j] <= i`. */
export function visitUp(
  { brief, long }: DetailedSegment,
  index: number,
  { briefFrom, briefTo, longFrom, longTo, set, test }: Candidates,
  from: Position,
  visit: Visit,
): boolean {
  const { before } = long;
  const { bits } = set;
  const { events } = brief;
  const briefAt = (i: number): number => (bits === null ? i : nextIn(bits, i, briefTo));
  const longAt = (j: number): number =>
    bits === null ? j : nextIn(bits, events + j, events + longTo) - events;
  let i = briefAt(Math.max(from.brief, briefFrom));
  let j = longAt(Math.max(from.long, longFrom));
  while (i < briefTo || j < longTo) {
    if (j < longTo && (i >= briefTo || (before[j] as number) <= i)) {
      const place = events + j;
      const matches = test === null || test(place, long.starts[j] as number, long.ends[j] as number);
      if (matches && !visit(index, place)) return false;
      j = longAt(j + 1);
    } else {
      const matches = test === null || test(i, brief.starts[i] as number, brief.ends[i] as number);
      if (matches && !visit(index, i)) return false;
      i = briefAt(i + 1);
    }
  }
  return true;
}

export function visitDown(
  { brief, long }: DetailedSegment,
  index: number,
  { briefFrom, briefTo, longFrom, longTo, set, test }: Candidates,
  from: Position,
  visit: Visit,
): boolean {
  const { before } = long;
  const { bits } = set;
  const { events } = brief;
  const briefAt = (i: number): number => (bits === null ? i : previousIn(bits, i, briefFrom));
  const longAt = (j: number): number =>
    bits === null ? j : previousIn(bits, events + j, events + longFrom) - events;
  let i = briefAt(Math.min(from.brief, briefTo - 1));
  let j = longAt(Math.min(from.long, longTo - 1));
  while (i >= briefFrom || j >= longFrom) {
    if (j >= longFrom && (i < briefFrom || (before[j] as number) > i)) {
      const place = events + j;
      const matches = test === null || test(place, long.starts[j] as number, long.ends[j] as number);
      if (matches && !visit(index, place)) return false;
      j = longAt(j - 1);
    } else {
      const matches = test === null || test(i, brief.starts[i] as number, brief.ends[i] as number);
      if (matches && !visit(index, i)) return false;
      i = briefAt(i - 1);
    }
  }
  return true;
}

/** How many of the sorted values are at most `value`. */
export function countUpTo(sorted: Uint32Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
