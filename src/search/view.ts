// One version of the catalogue in memory, immutable. A refresh builds the next view and swaps one reference.

import type { Origin } from '#/snapshot/manifest.ts';
import type { Segment } from '#/snapshot/segment.ts';

export interface View {
  /** 0 when nothing was ever published: the catalogue is empty. */
  readonly version: number;
  /** The archive that it comes from; null when that is unknown. */
  readonly origin: Origin | null;
  readonly events: number;
  /** In order of time. The ranges of their starts never overlap. */
  readonly segments: readonly Segment[];
  /**
   * First start, last start, first end and last end of each segment, in one array: a search reads them for many segments,
   * and one array is likely to be in the CPU cache.
   */
  readonly bounds: Float64Array;
  /** By the hash in the manifest. The next view reuses segments from here. */
  readonly byHash: ReadonlyMap<string, Segment>;
}

/** The numbers per segment in `bounds`, and their positions. */
export const boundsEach = 4;
export const bound = { minStart: 0, maxStart: 1, minEnd: 2, maxEnd: 3 } as const;

/** `segments` by hash, in order of time. */
export function createView(
  version: number,
  segments: ReadonlyMap<string, Segment>,
  origin: Origin | null = null,
): View {
  const list = [...segments.values()];
  return {
    version,
    origin,
    events: list.reduce((sum, segment) => sum + segment.events, 0),
    segments: list,
    bounds: Float64Array.from(
      list.flatMap(({ minStart, maxStart, minEnd, maxEnd }) => [minStart, maxStart, minEnd, maxEnd]),
    ),
    byHash: segments,
  };
}

export const emptyView: View = createView(0, new Map());
