// One version of the catalogue, in memory and immutable. A refresh builds the next one beside it and swaps a reference.

import type { Segment } from '#/snapshot/segment.ts';

export interface View {
  /** 0 when nothing was ever published: an empty catalogue is an answer too. */
  readonly version: number;
  readonly events: number;
  /** In order of time; they never overlap in their starts. */
  readonly segments: readonly Segment[];
  /**
   * First start, last start, first end, last end of each segment, side by side: a search looks at these of many segments
   * and finds most of them in the processor's cache.
   */
  readonly bounds: Float64Array;
  /** By the name that their manifest gives them, for the next view to share. */
  readonly byHash: ReadonlyMap<string, Segment>;
}

/** Numbers that a segment has in `bounds`, and which is which. */
export const boundsEach = 4;
export const bound = { minStart: 0, maxStart: 1, minEnd: 2, maxEnd: 3 } as const;

/** `segments` by hash, in order of time. */
export function createView(version: number, segments: ReadonlyMap<string, Segment>): View {
  const list = [...segments.values()];
  return {
    version,
    events: list.reduce((sum, segment) => sum + segment.events, 0),
    segments: list,
    bounds: Float64Array.from(
      list.flatMap(({ minStart, maxStart, minEnd, maxEnd }) => [minStart, maxStart, minEnd, maxEnd]),
    ),
    byHash: segments,
  };
}

export const emptyView: View = createView(0, new Map());
