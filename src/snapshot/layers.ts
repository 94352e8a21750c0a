// A segment has two layers. Brief events, of at most 36 hours, end soon after they start: sorted by start, those of a range are
// adjacent, and their text is one run of bytes. Long events start between them but rarely fit a range, and would split that
// run. So they have a layer of their own, and each stores its position among the brief events.

import type { CatalogueEvent } from '#/domain/event.ts';

/** An event of more than this is long. A range must be longer than this to contain a long event. */
export const longMs = 36 * 3_600_000;

export interface Split<E> {
  readonly brief: readonly E[];
  readonly long: readonly E[];
  /** For each long event, the number of brief events before it. */
  readonly before: Uint32Array;
}

/** `events` sorted by (start, id). */
export function splitLayers<E extends Pick<CatalogueEvent, 'start' | 'end'>>(events: readonly E[]): Split<E> {
  const brief: E[] = [];
  const long: E[] = [];
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
