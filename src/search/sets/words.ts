// The events of a segment whose title has all words of a query. The words of a segment are indexed with the first queries, some
// segments with each: until then, the titles are looked at one by one.

import type { DetailedSegment, Edition } from '#/search/events/edition.ts';
import { titleMatches } from '#/search/events/titles.ts';
import { createKept } from './kept.ts';
import { createKeptTwice } from './kept-twice.ts';
import { ordersOf, placesOfTitles } from './orders.ts';
import { bytesOfSet, noPlace, placesWhere, type PlaceSet } from './place-set.ts';
import { beginningHash, bytesOfWordIndex, indexWords, mayBeginAll, ranksWith } from './word-index.ts';

const setBytesMax = 2_000_000;
const indexBytesMax = 8_000_000;
const indexBytesPerEvent = 16;
/** Titles that are indexed for one query, which takes some milliseconds. */
const titlesPerQuery = 2000;

/** For a smaller share of the titles, the events are found in the order by title; for others, by a look at each. */
const fewOf = 16;

/** By the words of a query: of them there may be any number. */
const sets = createKeptTwice(bytesOfSet, setBytesMax);
const wordIndexes = createKept(bytesOfWordIndex, indexBytesMax);

export interface WordSets {
  /** By the index of a segment. */
  of(index: number): PlaceSet;
  /** The indexes of the segments that may have such a title, ascending. */
  indexes(): readonly number[];
}

/** `words`: as in a filter. */
export function wordsIn(edition: Edition, words: readonly string[]): WordSets {
  const { events, segments } = edition;
  const index =
    events * indexBytesPerEvent > indexBytesMax ? null : wordIndexes.named('', edition, indexWords);
  const hashes = words.map(beginningHash);
  let mayBeIndexed = titlesPerQuery;

  function isIndexed(at: number): boolean {
    if (index === null || index.kept(at) !== undefined) return index !== null;
    const titles = (segments[at] as DetailedSegment).details.titleAt.length;
    // One segment at least, however many titles it has.
    if (mayBeIndexed < titlesPerQuery && titles > mayBeIndexed) return false;
    mayBeIndexed -= titles;
    return true;
  }

  function indexes(): number[] {
    const mayHave: number[] = [];
    for (let at = 0; at < segments.length; at++) {
      const own = index?.kept(at);
      if (own === undefined || mayBeginAll(own, hashes)) mayHave.push(at);
    }
    return mayHave;
  }

  const named = sets.named(words.join(' '), edition, (segment, at) => {
    const { titleAt, titleRanks } = segment.details;
    let matches: Uint8Array;
    if (index !== null && isIndexed(at)) {
      const own = index.of(at);
      const ranks = mayBeginAll(own, hashes) ? ranksWith(own, titleAt.length, words) : [];
      if (ranks.length === 0) return noPlace;
      const byTitle = ranks.length * fewOf < titleAt.length ? ordersOf(edition, 'title') : null;
      if (byTitle !== null) return placesOfTitles(byTitle.of(at), own.titlesAt, ranks);
      matches = new Uint8Array(titleAt.length);
      for (const rank of ranks) matches[rank] = 1;
    } else matches = titleMatches(segment, words);
    return placesWhere(segment.events, (place) => matches[titleRanks[place] as number] === 1);
  });
  return { of: named.of, indexes };
}
