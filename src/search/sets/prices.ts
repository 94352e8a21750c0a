// Counts the events of a whole segment whose prices meet a range, among those of a set: by two binary searches.
//
// An event has its lowest and its highest price. It meets the range unless its highest price is below the range or its lowest one is
// above; both cannot be, and an event without a price counts as above. So the count is that of all, without those of both kinds.

import { none } from '#/snapshot/details.ts';
import type { DetailedSegment } from '#/search/events/edition.ts';
import { nextIn, wordWithin, type PlaceSet } from './place-set.ts';

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
  countBelow(lowest, most + 1) - (least === 0 ? 0 : countBelow(highest, least));

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

interface Prices {
  readonly minPrices: Uint32Array;
  readonly maxPrices: Uint32Array;
}

/** More than any price, and the greatest number of 32 bits with a sign. */
const priceEnd = 2 ** 31 - 1;

/**
 * 1 when the prices of a place meet the range, else 0. It has no branch, as half of the prices may meet it: a processor foresees
 * that badly. The difference of two prices is negative in 32 bits when the second is greater; `none` is greater than each.
 */
const meetsAt = ({ minPrices, maxPrices }: Prices, least: number, most: number, place: number): number =>
  1 - (((most - (minPrices[place] as number)) | ((maxPrices[place] as number) - least)) >>> 31);

/** How many members of the set, from `from` on and below `to`, meet the range. */
export function countMeeting(
  prices: Prices,
  { bits }: PlaceSet,
  range: PriceRange,
  from: number,
  to: number,
): number {
  const [least, most] = [Math.min(range.least, priceEnd) | 0, Math.min(range.most, priceEnd) | 0];
  let count = 0;
  if (from >= to) return 0;
  if (bits === null) {
    for (let place = from; place < to; place++) count += meetsAt(prices, least, most, place);
    return count;
  }
  for (let i = from >>> 5; i <= (to - 1) >>> 5; i++)
    for (let word = wordWithin(bits, i, from, to); word !== 0; word &= word - 1)
      count += meetsAt(prices, least, most, (i << 5) + 31 - Math.clz32(word & -word));
  return count;
}

/** The place behind the first `skipped` members from `from` on that meet the range; `to` when there are fewer. */
export function placeBehind(
  prices: Prices,
  set: PlaceSet,
  range: PriceRange,
  skipped: number,
  from: number,
  to: number,
): number {
  let rest = skipped;
  for (let at = from; at < to;) {
    const next = Math.min(to, (at & -32) + 32);
    const count = countMeeting(prices, set, range, at, next);
    if (count >= rest) {
      while (rest > 0) rest -= countMeeting(prices, set, range, at, ++at);
      return at;
    }
    rest -= count;
    at = next;
  }
  return to;
}

/** Whether the prices of an event meet the range. */
export const meets = ({ least, most }: PriceRange, lowest: number, highest: number): boolean =>
  highest >= least && highest !== none && lowest <= most;
