// The different titles of a segment: which of them have all words of a query, and the keys by which they are sorted.

import { fold, hasWord, sortKey } from '#/kit/words.ts';
import { titleOfPlace } from '#/snapshot/places.ts';
import type { DetailedSegment } from './edition.ts';

/** For each rank of a title: 1 when it has the words. `words`: folded; each must begin a word of the title. */
export const titleMatches = (segment: DetailedSegment, words: readonly string[]): Uint8Array =>
  Uint8Array.from(segment.details.titleAt, (place) => {
    const folded = fold(titleOfPlace(segment, place));
    return Number(words.every((word) => hasWord(folded, word)));
  });

/** The sort key of each rank of a title that was needed of late. */
let sortKeys = new WeakMap<DetailedSegment, Map<number, string>>();
let keptBytes = 0;
const keptBytesMax = 2_000_000;
const entryBytes = 100;

export function titleKey(segment: DetailedSegment, rank: number): string {
  let byRank = sortKeys.get(segment);
  if (byRank === undefined) sortKeys.set(segment, (byRank = new Map()));
  const known = byRank.get(rank);
  if (known !== undefined) return known;
  const key = sortKey(titleOfPlace(segment, segment.details.titleAt[rank] as number));
  byRank.set(rank, key);
  keptBytes += entryBytes + 2 * key.length;
  if (keptBytes > keptBytesMax) [sortKeys, keptBytes] = [new WeakMap(), 0];
  return key;
}
