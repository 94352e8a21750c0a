// The words of a segment's titles in order, each with the titles that have it: words with the same beginning are adjacent. Most words
// are in few segments, so a filter says first whether some word of the segment can begin so.
// Source of the filter: Burton Bloom, "Space/Time Trade-offs in Hash Coding with Allowable Errors", 1970; with one hash.

import { wordsOf } from '#/kit/words.ts';
import { titleOfPlace } from '#/snapshot/places.ts';
import type { DetailedSegment } from '#/search/events/edition.ts';

export interface WordIndex {
  /** The different words in the order of their code units, joined. */
  readonly text: string;
  /** Where each word begins in the text, and the end. */
  readonly textAt: Uint32Array;
  /** The ranks of the titles that have each word, word by word. */
  readonly ranks: Uint16Array | Uint32Array;
  /** Where those of each word begin, and the end. */
  readonly ranksAt: Uint32Array;
  /** Where the events of each title begin in the order by title, and the end. */
  readonly titlesAt: Uint16Array | Uint32Array;
  /** One bit for each hash of a beginning; the number of bits is a power of two. */
  readonly beginnings: Uint32Array;
}

/** Beginnings are in the filter up to this length. */
const beginningMax = 8;
/** Bits of the filter for each word. */
const bitsPerWord = 16;
const bitsMin = 1024;

export const bytesOfWordIndex = ({ text, ...columns }: WordIndex): number =>
  Object.values(columns).reduce((sum, { byteLength }) => sum + byteLength, 500 + 2 * text.length);

export function indexWords(segment: DetailedSegment): WordIndex {
  const { titleAt } = segment.details;
  const ranksByWord = new Map<string, number[]>();
  titleAt.forEach((place, rank) => {
    for (const word of wordsOf(titleOfPlace(segment, place))) {
      const ranks = ranksByWord.get(word);
      if (ranks === undefined) ranksByWord.set(word, [rank]);
      else if (ranks.at(-1) !== rank) ranks.push(rank);
    }
  });
  const words = [...ranksByWord.keys()].toSorted((a, b) => (a < b ? -1 : 1));
  const [textAt, ranksAt] = [new Uint32Array(words.length + 1), new Uint32Array(words.length + 1)];
  words.forEach((word, i) => {
    textAt[i + 1] = (textAt[i] as number) + word.length;
    ranksAt[i + 1] = (ranksAt[i] as number) + (ranksByWord.get(word) as number[]).length;
  });
  const ranks = new (titleAt.length <= 65_536 ? Uint16Array : Uint32Array)(ranksAt[words.length] as number);
  words.forEach((word, i) => ranks.set(ranksByWord.get(word) as number[], ranksAt[i]));
  return {
    text: words.join(''),
    textAt,
    ranks,
    ranksAt,
    titlesAt: titlesAtOf(segment),
    beginnings: beginningsOf(words),
  };
}

function titlesAtOf({ events, details: { titleAt, titleRanks } }: DetailedSegment): WordIndex['titlesAt'] {
  const titlesAt = new (events <= 65_535 ? Uint16Array : Uint32Array)(titleAt.length + 1);
  for (const rank of titleRanks) titlesAt[rank + 1] = (titlesAt[rank + 1] as number) + 1;
  for (let rank = 0; rank < titleAt.length; rank++)
    titlesAt[rank + 1] = (titlesAt[rank + 1] as number) + (titlesAt[rank] as number);
  return titlesAt;
}

function beginningsOf(words: readonly string[]): Uint32Array {
  const bits = Math.max(bitsMin, 2 ** Math.ceil(Math.log2(words.length * bitsPerWord)));
  const set = new Uint32Array(bits / 32);
  for (const word of words)
    for (let length = 1; length <= Math.min(word.length, beginningMax); length++) {
      const at = hashOf(word, length) & (bits - 1);
      set[at >>> 5] = (set[at >>> 5] as number) | (1 << (at & 31));
    }
  return set;
}

/** Of the beginning of a word that is asked for. */
export const beginningHash = (word: string): number => hashOf(word, Math.min(word.length, beginningMax));

/** Of the first characters. Source: Fowler, Noll and Vo, FNV-1a, with the mixing of MurmurHash3. */
function hashOf(word: string, length: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return hash ^ (hash >>> 13);
}

/** False when some word of the query begins no word of the segment. `hashes`: of the words. */
export function mayBeginAll({ beginnings }: WordIndex, hashes: readonly number[]): boolean {
  const mask = beginnings.length * 32 - 1;
  for (let i = 0; i < hashes.length; i++) {
    const at = (hashes[i] as number) & mask;
    if ((((beginnings[at >>> 5] as number) >>> (at & 31)) & 1) === 0) return false;
  }
  return true;
}

/** The words of a segment that begin with a word that is asked for, and where the titles of these are in `ranks`. */
interface Span {
  readonly firstWord: number;
  readonly endWord: number;
  readonly from: number;
  readonly to: number;
}

/** The ranks of the titles of which each of the words begins a word, each once, in any order. `titles`: how many the segment has. */
export function ranksWith(index: WordIndex, titles: number, words: readonly string[]): number[] {
  const spans: Span[] = [];
  let rarest: Span | null = null;
  for (const word of words) {
    const span = spanOf(index, word);
    if (span.from === span.to) return [];
    spans.push(span);
    if (rarest === null || span.to - span.from < rarest.to - rarest.from) rarest = span;
  }
  if (rarest === null) return [];
  if (marks.length < titles) marks = new Uint8Array(titles);
  let found = distinctRanks(index, rarest);
  for (const span of spans) if (span !== rarest) found = having(index, span, found);
  return found;
}

/** Marks of titles; all 0 between calls, and at least as many as the segment of the call has titles. */
let marks = new Uint8Array(0);

function distinctRanks({ ranks }: WordIndex, { firstWord, endWord, from, to }: Span): number[] {
  const found: number[] = [];
  const isOneWord = endWord - firstWord === 1;
  for (let i = from; i < to; i++) {
    const rank = ranks[i] as number;
    if (marks[rank] === 1) continue;
    if (!isOneWord) marks[rank] = 1;
    found.push(rank);
  }
  if (!isOneWord) for (const rank of found) marks[rank] = 0;
  return found;
}

/** A look at one rank of a span takes less time than one step of a search. */
const stepsPerLook = 8;

/** Those of the ranks of which some word is in the span. */
function having(index: WordIndex, span: Span, some: readonly number[]): number[] {
  const { ranks } = index;
  const { firstWord, endWord, from, to } = span;
  if (some.length * (endWord - firstWord) * stepsPerLook < to - from)
    return some.filter((rank) => hasRank(index, span, rank));
  for (let i = from; i < to; i++) marks[ranks[i] as number] = 1;
  const found = some.filter((rank) => marks[rank] === 1);
  for (let i = from; i < to; i++) marks[ranks[i] as number] = 0;
  return found;
}

/** By a search among the titles of each word, which are in order. */
function hasRank({ ranks, ranksAt }: WordIndex, { firstWord, endWord }: Span, rank: number): boolean {
  for (let word = firstWord; word < endWord; word++) {
    const end = ranksAt[word + 1] as number;
    let [low, high] = [ranksAt[word] as number, end];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((ranks[middle] as number) < rank) low = middle + 1;
      else high = middle;
    }
    if (low < end && ranks[low] === rank) return true;
  }
  return false;
}

function spanOf(index: WordIndex, word: string): Span {
  const words = index.textAt.length - 1;
  let [low, high] = [0, words];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(index, middle, word) < 0) low = middle + 1;
    else high = middle;
  }
  const firstWord = low;
  // Words with the same beginning are adjacent, and usually few.
  let step = 1;
  while (low + step <= words && compare(index, low + step - 1, word) === 0) {
    low += step;
    step *= 2;
  }
  high = Math.min(low + step - 1, words);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(index, middle, word) === 0) low = middle + 1;
    else high = middle;
  }
  const { ranksAt } = index;
  return { firstWord, endWord: low, from: ranksAt[firstWord] as number, to: ranksAt[low] as number };
}

/** Below 0 when the word at `at` comes before all that begin with `beginning`, 0 when it is one of these. */
function compare({ text, textAt }: WordIndex, at: number, beginning: string): number {
  const from = textAt[at] as number;
  const to = textAt[at + 1] as number;
  for (let i = 0; i < beginning.length; i++) {
    if (from + i >= to) return -1;
    const difference = text.charCodeAt(from + i) - beginning.charCodeAt(i);
    if (difference !== 0) return difference;
  }
  return 0;
}
