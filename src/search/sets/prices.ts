// Counts the events of a whole segment whose prices meet a range, among those of a set: by two binary searches.
//
// An event has its lowest and its highest price. It meets the range unless its highest price is below the range or its lowest one is
// above; both cannot be, and an event without a price counts as above. So the count is that of all, without those of both kinds.

import { none } from '#/snapshot/details.ts';
import type { DetailedSegment } from '#/search/events/edition.ts';
import { nextIn, type PlaceSet } from './place-set.ts';

export interface PriceRange {
  /** In minor units, inclusive. */
  readonly least: number;
  readonly most: number;
}

/** The prices of a set of events, each list in its own order. */
export interface SortedPrices {
  readonly lowest: Uint32Array;
  readonly highest: Uint32Array;
}

export const bytesOfPrices = ({ lowest }: SortedPrices): number => 200 + 2 * lowest.byteLength;

export function sortPrices({ details }: DetailedSegment, { bits, count }: PlaceSet): SortedPrices {
  const { minPrices, maxPrices } = details;
  const [lowest, highest] = [new Uint32Array(count), new Uint32Array(count)];
  const places = minPrices.length;
  let at = 0;
  for (
    let place = bits === null ? 0 : nextIn(bits, 0, places);
    place < places;
    place = bits === null ? place + 1 : nextIn(bits, place + 1, places)
  ) {
    lowest[at] = minPrices[place] as number;
    highest[at++] = maxPrices[place] as number;
  }
  return { lowest: lowest.sort(), highest: highest.sort() };
}

export const countInRange = ({ lowest, highest }: SortedPrices, { least, most }: PriceRange): number =>
  countBelow(lowest, most + 1) - countBelow(highest, least);

/** How many of the sorted values are below `value`. */
function countBelow(sorted: Uint32Array, value: number): number {
  let [low, high] = [0, sorted.length];
  if (high === 0 || value <= (sorted[0] as number)) return 0;
  if (value > (sorted[high - 1] as number)) return high;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether the prices of an event meet the range. */
export const meets = ({ least, most }: PriceRange, lowest: number, highest: number): boolean =>
  highest >= least && highest !== none && lowest <= most;
