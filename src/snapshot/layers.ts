// A segment has two layers. Brief events, of at most 36 hours, end soon after they start: sorted by start, those of a range are
// adjacent, and their text is one run of bytes. Long events start between them but rarely fit a range, and would split that
// run. So they have a layer of their own, and each stores its position among the brief events.

import type { CatalogueEvent } from '#/domain/event.ts';

/** An event of more than this is long. A range must be longer than this to contain a long event. */
export const longMs = 36 * 3_600_000;

/** The events of a segment by place: the brief ones, then the long ones, both by (start, id). */
export interface Split {
  /** By place, the ordinal by (start, id). */
  readonly ordinals: Uint32Array;
  /** How many are brief. */
  readonly brief: number;
  /** For each long event, the number of brief events before it. */
  readonly before: Uint32Array;
}

/** `starts` and `ends`: of events by (start, id), in milliseconds. */
export function splitLayers(starts: Float64Array, ends: Float64Array): Split {
  const ordinals = new Uint32Array(starts.length);
  let brief = 0;
  const long: number[] = [];
  const before: number[] = [];
  for (let ordinal = 0; ordinal < starts.length; ordinal++) {
    if ((ends[ordinal] as number) - (starts[ordinal] as number) <= longMs) ordinals[brief++] = ordinal;
    else {
      long.push(ordinal);
      before.push(brief);
    }
  }
  ordinals.set(long, brief);
  return { ordinals, brief, before: Uint32Array.from(before) };
}

/** The same, of events that are all in memory. */
export const splitOf = (events: readonly Pick<CatalogueEvent, 'start' | 'end'>[]): Split =>
  splitLayers(
    Float64Array.from(events, ({ start }) => start),
    Float64Array.from(events, ({ end }) => end),
  );
