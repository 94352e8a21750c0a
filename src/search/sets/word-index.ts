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
  /** One bit for each hash of a beginning; the number of bits is a power of two. */
  readonly beginnings: Uint32Array;
}

/** Beginnings are in the filter up to this length. */
const beginningMax = 8;
/** Bits of the filter for each word. */
const bitsPerWord = 16;
const bitsMin = 1024;

export const bytesOfWordIndex = ({ text, textAt, ranks, ranksAt, beginnings }: WordIndex): number =>
  500 + 2 * text.length + textAt.byteLength + ranks.byteLength + ranksAt.byteLength + beginnings.byteLength;

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
  return { text: words.join(''), textAt, ranks, ranksAt, beginnings: beginningsOf(words) };
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

/** False when no word of the segment begins so. */
export function mayBegin({ beginnings }: WordIndex, hash: number): boolean {
  const at = hash & (beginnings.length * 32 - 1);
  return (((beginnings[at >>> 5] as number) >>> (at & 31)) & 1) === 1;
}

/** For each title, how many of the words were found in it; all 0 between calls. */
let marks = new Uint8Array(0);

/** The ranks of the titles of which each of the words begins a word, in any order. `titles`: how many the segment has. */
export function ranksWith(index: WordIndex, titles: number, words: readonly string[]): number[] {
  if (marks.length < titles) marks = new Uint8Array(titles);
  const { ranks, ranksAt } = index;
  const spans = words
    .map(
      (word) =>
        [ranksAt[firstWith(index, word)] as number, ranksAt[lastWith(index, word)] as number] as const,
    )
    .toSorted(([from, to], [otherFrom, otherTo]) => to - from - (otherTo - otherFrom));
  const [from, to] = spans[0] as readonly [number, number];
  if (from === to) return [];
  // Only the titles of the rarest word are marked.
  spans.forEach(([begin, end], before) => {
    for (let i = begin; i < end; i++) {
      const rank = ranks[i] as number;
      if (marks[rank] === before) marks[rank] = before + 1;
    }
  });
  const found: number[] = [];
  for (let i = from; i < to; i++) {
    const rank = ranks[i] as number;
    if (marks[rank] === words.length) found.push(rank);
    marks[rank] = 0;
  }
  return found;
}

/** The first word that is `word` or follows it. */
const firstWith = (index: WordIndex, word: string): number => countWhere(index, word, (order) => order < 0);

/** The first word that follows all that begin with `word`. */
const lastWith = (index: WordIndex, word: string): number => countWhere(index, word, (order) => order <= 0);

/** How many words come first by how they compare with a beginning: below it, equal (0) when they begin with it, above it. */
function countWhere(
  { text, textAt }: WordIndex,
  word: string,
  comesFirst: (order: number) => boolean,
): number {
  let [low, high] = [0, textAt.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (comesFirst(compare(text, textAt[middle] as number, textAt[middle + 1] as number, word)))
      low = middle + 1;
    else high = middle;
  }
  return low;
}

function compare(text: string, from: number, to: number, word: string): number {
  for (let i = 0; i < word.length; i++) {
    if (from + i >= to) return -1;
    const difference = text.charCodeAt(from + i) - word.charCodeAt(i);
    if (difference !== 0) return difference;
  }
  return 0;
}
