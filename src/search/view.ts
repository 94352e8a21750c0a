// One version of the catalogue, in memory and immutable. A refresh builds the next one beside it and swaps a reference.

import type { Segment } from '#/snapshot/segment.ts';

export interface View {
  /** 0 when nothing was ever published: an empty catalogue is an answer too. */
  readonly version: number;
  readonly events: number;
  /** In order of time; they never overlap in their starts. */
  readonly segments: readonly Segment[];
  /** By the name that their manifest gives them, for the next view to share. */
  readonly byHash: ReadonlyMap<string, Segment>;
}

export const emptyView: View = { version: 0, events: 0, segments: [], byHash: new Map() };

/** `segments` by hash, in order of time. */
export function createView(version: number, segments: ReadonlyMap<string, Segment>): View {
  const list = [...segments.values()];
  return {
    version,
    events: list.reduce((sum, segment) => sum + segment.events, 0),
    segments: list,
    byHash: segments,
  };
}
