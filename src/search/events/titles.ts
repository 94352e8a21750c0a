// Which titles of a segment have all words of a query. Titles repeat, so each different one is looked at once.

import { fold, hasWord } from '#/kit/words.ts';
import { titleOfPlace } from '#/snapshot/places.ts';
import type { DetailedSegment } from './edition.ts';

/** For each rank of a title: 1 when it has the words. `words`: folded; each must begin a word of the title. */
export const titleMatches = (segment: DetailedSegment, words: readonly string[]): Uint8Array =>
  Uint8Array.from(segment.details.titleAt, (place) => {
    const folded = fold(titleOfPlace(segment, place));
    return Number(words.every((word) => hasWord(folded, word)));
  });
