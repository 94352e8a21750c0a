// What is derived from each source of a segment, once: a segment has few sources, and most events of a page are in one segment.

import type { DetailedSegment } from '#/search/events/edition.ts';
import type { Details } from '#/snapshot/details.ts';

type Sources = Details['sources'];

/** Returns the value of a source by its number in the segment. */
export function bySource<T>(
  derive: (source: Sources[number]) => T,
): (segment: DetailedSegment, source: number) => T {
  const known = new WeakMap<Sources, readonly T[]>();
  /** Of the segment asked for last. A weak reference would cost what it saves. */
  let [lastSources, last]: [Sources | null, readonly T[]] = [null, []];

  function valuesOf(sources: Sources): readonly T[] {
    let values = known.get(sources);
    if (values === undefined) known.set(sources, (values = sources.map(derive)));
    return values;
  }

  return ({ details: { sources } }, source) => {
    if (sources !== lastSources) [lastSources, last] = [sources, valuesOf(sources)];
    return last[source] as T;
  };
}
