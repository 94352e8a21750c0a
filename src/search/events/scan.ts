// Visits the events of an edition that match a filter, in the order of (start, id) or its reverse, and counts them.

import type { DetailedSegment, Edition } from './edition.ts';
import { boundsOf, candidatesIn, type Candidates } from './filter.ts';
import type { EventFilter } from './query.ts';
import { placeOf, refOf, segmentOf } from './refs.ts';

/** Returns false to end the scan. */
export type Visit = (segment: number, place: number) => boolean;

/** `after`: where to continue, as a reference to the event visited last; null for the beginning. */
export function visitMatches(
  { segments }: Edition,
  filter: EventFilter,
  descending: boolean,
  after: number | null,
  visit: Visit,
): void {
  const bounds = boundsOf(filter);
  const step = descending ? -1 : 1;
  const first = after === null ? (descending ? segments.length - 1 : 0) : segmentOf(after);
  for (let i = first; i >= 0 && i < segments.length; i += step) {
    const segment = segments[i] as DetailedSegment;
    const candidates = candidatesIn(segment, filter, bounds);
    if (candidates === null) continue;
    const from = after !== null && i === first ? placeOf(after) : null;
    const goes = descending
      ? visitDown(segment, i, candidates, from, visit)
      : visitUp(segment, i, candidates, from, visit);
    if (!goes) return;
  }
}

/** Long event `j` comes before brief event `i` when `before[j] <= i`. */
function visitUp(
  { brief, long }: DetailedSegment,
  index: number,
  { briefFrom, briefTo, longFrom, longTo, test }: Candidates,
  after: number | null,
  visit: Visit,
): boolean {
  const { before } = long;
  let [i, j] = [briefFrom, longFrom];
  if (after !== null && after < brief.events) {
    i = Math.max(i, after + 1);
    j = Math.max(j, countUpTo(before, after));
  } else if (after !== null) {
    j = Math.max(j, after - brief.events + 1);
    i = Math.max(i, before[after - brief.events] as number);
  }
  while (i < briefTo || j < longTo) {
    if (j < longTo && (i >= briefTo || (before[j] as number) <= i)) {
      const place = brief.events + j;
      const matches = test === null || test(place, long.starts[j] as number, long.ends[j] as number);
      if (matches && !visit(index, place)) return false;
      j++;
    } else {
      const matches = test === null || test(i, brief.starts[i] as number, brief.ends[i] as number);
      if (matches && !visit(index, i)) return false;
      i++;
    }
  }
  return true;
}

function visitDown(
  { brief, long }: DetailedSegment,
  index: number,
  { briefFrom, briefTo, longFrom, longTo, test }: Candidates,
  after: number | null,
  visit: Visit,
): boolean {
  const { before } = long;
  let [i, j] = [briefTo - 1, longTo - 1];
  if (after !== null && after < brief.events) {
    i = Math.min(i, after - 1);
    j = Math.min(j, countUpTo(before, after) - 1);
  } else if (after !== null) {
    j = Math.min(j, after - brief.events - 1);
    i = Math.min(i, (before[after - brief.events] as number) - 1);
  }
  while (i >= briefFrom || j >= longFrom) {
    if (j >= longFrom && (i < briefFrom || (before[j] as number) > i)) {
      const place = brief.events + j;
      const matches = test === null || test(place, long.starts[j] as number, long.ends[j] as number);
      if (matches && !visit(index, place)) return false;
      j--;
    } else {
      const matches = test === null || test(i, brief.starts[i] as number, brief.ends[i] as number);
      if (matches && !visit(index, i)) return false;
      i--;
    }
  }
  return true;
}

/** How many of the sorted values are at most `value`. */
function countUpTo(sorted: Uint32Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

export interface Counts {
  readonly total: number;
  /** By the index of the segment. */
  readonly bySegment: Uint32Array;
}

export function countMatches({ segments }: Edition, filter: EventFilter): Counts {
  const bounds = boundsOf(filter);
  const bySegment = new Uint32Array(segments.length);
  let total = 0;
  for (const [i, segment] of segments.entries()) {
    const candidates = candidatesIn(segment, filter, bounds);
    if (candidates !== null) total += bySegment[i] = countIn(segment, candidates);
  }
  return { total, bySegment };
}

function countIn({ brief, long }: DetailedSegment, candidates: Candidates): number {
  const { briefFrom, briefTo, longFrom, longTo, test } = candidates;
  if (test === null) return briefTo - briefFrom + longTo - longFrom;
  let events = 0;
  for (let i = briefFrom; i < briefTo; i++)
    if (test(i, brief.starts[i] as number, brief.ends[i] as number)) events++;
  for (let j = longFrom; j < longTo; j++)
    if (test(brief.events + j, long.starts[j] as number, long.ends[j] as number)) events++;
  return events;
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
  let index = descending ? segments.length - 1 : 0;
  let skip = offset;
  while (index >= 0 && index < segments.length && (bySegment[index] as number) <= skip) {
    skip -= bySegment[index] as number;
    index += descending ? -1 : 1;
  }
  const refs: number[] = [];
  if (index < 0 || index >= segments.length) return refs;
  const rest = descending ? segments.slice(0, index + 1) : segments.slice(index);
  const shift = descending ? 0 : index;
  visitMatches({ ...edition, segments: rest }, filter, descending, null, (i, place) => {
    if (skip > 0) skip--;
    else refs.push(refOf(i + shift, place));
    return refs.length < limit;
  });
  return refs;
}
