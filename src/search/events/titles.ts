// Which titles of a segment have all words of a query. Titles repeat, so each different one is looked at once, and the results of
// the last queries are kept.

import { LRUCache } from 'lru-cache';
import { fold, hasWord } from '#/kit/words.ts';
import { titleOfPlace } from '#/snapshot/places.ts';
import type { DetailedSegment } from './edition.ts';

/** For each rank of a title: 1 when it has the words. */
export type TitleMatches = Uint8Array;

const queriesKept = 16;
const kept = new LRUCache<string, WeakMap<DetailedSegment, TitleMatches>>({ max: queriesKept });

/** `words`: folded; each must begin a word of the title. */
export function titleMatches(segment: DetailedSegment, words: readonly string[]): TitleMatches {
  const key = words.join(' ');
  let bySegment = kept.get(key);
  if (bySegment === undefined) kept.set(key, (bySegment = new WeakMap()));
  let matches = bySegment.get(segment);
  if (matches === undefined) bySegment.set(segment, (matches = matchTitles(segment, words)));
  return matches;
}

const matchTitles = (segment: DetailedSegment, words: readonly string[]): TitleMatches =>
  Uint8Array.from(segment.details.titleAt, (place) => {
    const folded = fold(titleOfPlace(segment, place));
    return Number(words.every((word) => hasWord(folded, word)));
  });
