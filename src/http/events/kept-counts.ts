// The counts of the filters that were counted last, for those who turn pages. One place for each hash of a filter: a list of which
// was used last takes 2 to 3 % of a request whose filter never comes again.

import { hashOfText } from '#/kit/text-hash.ts';
import { countMatches, type Counts } from '#/search/events/counts.ts';
import type { Edition } from '#/search/events/edition.ts';
import { keyOf, type EventFilter } from '#/search/events/query.ts';

export interface KeptCounts {
  /** Pages by number are of the current version. */
  of(edition: Edition, filter: EventFilter): Counts;
  /** Must be called before another edition. */
  forget(): void;
}

interface Kept {
  readonly key: string;
  readonly counts: Counts;
}

/** A power of two. */
const places = 512;

export function createKeptCounts(): KeptCounts {
  const kept = Array.from<Kept | null>({ length: places }).fill(null);
  return {
    of(edition, filter) {
      const key = keyOf(filter);
      const place = hashOfText(key) & (places - 1);
      const known = kept[place];
      if (known?.key === key) return known.counts;
      const counts = countMatches(edition, filter);
      kept[place] = { key, counts };
      return counts;
    },
    forget: () => void kept.fill(null),
  };
}
