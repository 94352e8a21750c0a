// Finds the events that lie wholly between two instants. The result is stretches: runs of adjacent events in a segment, in order of (start, id).

import { firstAbove, firstAtLeast } from './ordinals.ts';
import type { Range } from '#/domain/range.ts';
import { longMs } from '#/snapshot/layers.ts';
import { indexedMin, searchLongIndex } from '#/snapshot/long-index.ts';
import { blockEvents, type Segment } from '#/snapshot/segment.ts';
import { clear, createSelection, take, takeWhole, type Selection } from './selection.ts';
import { bound, boundsEach, type View } from './view.ts';

/** Containment, inclusive on both sides: `start >= range.start && end <= range.end`. Fills and returns `selection`. */
export function search(view: View, range: Range, selection = createSelection()): Selection {
  clear(selection);
  const { segments, bounds } = view;
  const { start, end } = range;
  for (let i = firstFrom(view, start); i < segments.length; i++) {
    const at = i * boundsEach;
    if ((bounds[at + bound.minStart] as number) > end) break;
    if ((bounds[at + bound.minEnd] as number) > end) continue;
    const segment = segments[i] as Segment;
    const isWhole =
      (bounds[at + bound.minStart] as number) >= start && (bounds[at + bound.maxEnd] as number) <= end;
    if (isWhole) takeWhole(selection, segment);
    else searchSegment(selection, segment, start, end);
  }
  return selection;
}

/** The first segment that has an event at or after `start`. */
function firstFrom({ segments, bounds }: View, start: number): number {
  let [low, high] = [0, segments.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((bounds[middle * boundsEach + bound.maxStart] as number) < start) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Takes the brief events of the range and, between them in order, the long ones. */
function searchSegment(selection: Selection, segment: Segment, start: number, end: number): void {
  const { brief, long } = segment;
  let at = firstAtLeast(brief.starts, start);
  const to = firstAbove(brief.starts, end, at);
  if (long.minEnd <= end && end - start > longMs) at = searchLong(selection, segment, start, end, at);
  searchBrief(selection, segment, at, to, end);
}

/**
 * Takes the long events of the range, and the brief ones from `at` that come before each. It checks a few candidates one
 * by one and finds many by the index. Returns the ordinal of the next brief event.
 */
function searchLong(selection: Selection, segment: Segment, start: number, end: number, at: number): number {
  const { starts, ends, index } = segment.long;
  const from = firstAtLeast(starts, start);
  const to = firstAbove(starts, end, from);
  let next = at;
  if (index !== null && to - from >= indexedMin) {
    for (const i of searchLongIndex(index, start, end)) next = takeLong(selection, segment, i, next, end);
    return next;
  }
  for (let i = from; i < to; i++)
    if ((ends[i] as number) <= end) next = takeLong(selection, segment, i, next, end);
  return next;
}

/** Takes one long event, and the brief ones from `at` that come before it. Returns the ordinal of the next brief event. */
function takeLong(selection: Selection, segment: Segment, i: number, at: number, end: number): number {
  const { long } = segment;
  const before = long.before[i] as number;
  searchBrief(selection, segment, at, before, end);
  take(selection, segment, long, i, i + 1);
  return before;
}

/** Takes those of the brief events `from` to `to` that end in the range. All of them start in it. */
function searchBrief(selection: Selection, segment: Segment, from: number, to: number, end: number): void {
  const { brief } = segment;
  const { ends, blockEndMax } = brief;
  /** Where the current stretch begins, or -1. */
  let open = -1;
  for (let i = from; i < to;) {
    const block = Math.trunc(i / blockEvents);
    const blockTo = Math.min((block + 1) * blockEvents, to);
    if ((blockEndMax[block] as number) <= end) {
      if (open < 0) open = i;
      i = blockTo;
      continue;
    }
    for (; i < blockTo; i++) {
      if ((ends[i] as number) <= end) {
        if (open < 0) open = i;
      } else if (open >= 0) {
        take(selection, segment, brief, open, i);
        open = -1;
      }
    }
  }
  if (open >= 0) take(selection, segment, brief, open, to);
}
