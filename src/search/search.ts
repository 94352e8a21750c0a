// Which events lie wholly between two instants? Told as stretches: runs of neighbours in a segment, in order of (start, id).

import type { Range } from '#/domain/query.ts';
import type { Segment } from '#/snapshot/segment.ts';
import type { View } from './view.ts';

/** Consecutive ordinals of one segment: `from` inclusive, `to` exclusive. */
export interface Stretch {
  readonly segment: Segment;
  readonly from: number;
  readonly to: number;
}

/** Containment, inclusive on both sides: `start >= range.start && end <= range.end`. */
export function search(view: View, range: Range): Stretch[] {
  const stretches: Stretch[] = [];
  const { segments } = view;
  for (let i = firstFrom(segments, range.start); i < segments.length; i++) {
    const segment = segments[i] as Segment;
    if (segment.minStart > range.end) break;
    if (segment.minEnd > range.end) continue;
    if (segment.minStart >= range.start && segment.maxEnd <= range.end) {
      stretches.push({ segment, from: 0, to: segment.events });
    } else searchSegment(segment, range, stretches);
  }
  return stretches;
}

/** The first segment that has an event at or after `start`. */
function firstFrom(segments: readonly Segment[], start: number): number {
  let [low, high] = [0, segments.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((segments[middle] as Segment).maxStart < start) low = middle + 1;
    else high = middle;
  }
  return low;
}

function searchSegment(segment: Segment, { start, end }: Range, stretches: Stretch[]): void {
  const { starts, ends, blockAt, blockEndMax } = segment;
  // With x = start and y = end, an event in the range lies in the quadrant right of `start` and below `end`.
  const blocks = Uint32Array.from(segment.index.search(start, -Infinity, Infinity, end)).sort();
  let from = -1;
  let to = -1;
  const take = (first: number, last: number): void => {
    if (first === to) to = last;
    else {
      if (from >= 0) stretches.push({ segment, from, to });
      [from, to] = [first, last];
    }
  };
  for (const block of blocks) {
    const [first, last] = [blockAt[block] as number, blockAt[block + 1] as number];
    if ((starts[first] as number) >= start && (blockEndMax[block] as number) <= end) {
      take(first, last);
      continue;
    }
    for (let i = first; i < last; i++) {
      if ((starts[i] as number) >= start && (ends[i] as number) <= end) take(i, i + 1);
    }
  }
  if (from >= 0) stretches.push({ segment, from, to });
}
