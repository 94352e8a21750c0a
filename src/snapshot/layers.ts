// Why a segment has two layers. Events of some hours end about when they start: sorted by start, those of a range are
// neighbours, and their text is one run of bytes. Events that run for weeks lie between them and seldom fit the range, and
// would tear that run into as many pieces; so they are kept apart, each with its place among the others.

import type { CatalogueEvent } from '#/domain/event.ts';

/** Longer events than this are long. No range that is not longer holds one. */
export const longMs = 36 * 3_600_000;

export interface Split {
  readonly brief: readonly CatalogueEvent[];
  readonly long: readonly CatalogueEvent[];
  /** For each long event, how many brief ones come before it. */
  readonly before: Uint32Array;
}

/** `events` sorted by (start, id). */
export function splitLayers(events: readonly CatalogueEvent[]): Split {
  const brief: CatalogueEvent[] = [];
  const long: CatalogueEvent[] = [];
  const before: number[] = [];
  for (const event of events) {
    if (event.end - event.start <= longMs) brief.push(event);
    else {
      long.push(event);
      before.push(brief.length);
    }
  }
  return { brief, long, before: Uint32Array.from(before) };
}
