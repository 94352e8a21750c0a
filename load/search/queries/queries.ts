// From ranges to the requests of a run, in the order in which they are sent.

import { mulberry32, pick } from '../../simulator/random.ts';
import type { Range } from '../catalogue/oracle.ts';
import { oddMs } from './ranges.ts';

/** `different`: no query twice in a whole run · `zipf`: a few of them often, most of them seldom · `repeated`: the same few. */
export type Order = 'different' | 'zipf' | 'repeated';

export interface Query {
  readonly path: string;
  /** What it selects: the path may say the same in other words. */
  readonly range: Range;
}

export interface Queries {
  /** What the next `count` requests ask. */
  next(count: number): Query[];
}

/** So many are asked again and again. */
export const repeatedRanges = 20;

export function createQueries(order: Order, ranges: readonly Range[], seed: number): Queries {
  const random = mulberry32(seed);
  let sent = 0;
  const count = order === 'repeated' ? Math.min(repeatedRanges, ranges.length) : ranges.length;
  const sums = order === 'zipf' ? zipfSums(count) : null;
  function nextQuery(): Query {
    const range = ranges[sums === null ? sent % count : rankOf(sums, random())] as Range;
    const lap = Math.floor(sent++ / count);
    // The same ranges come round after a while, but in other words: both bounds moved by milliseconds of their own.
    const asked = order === 'different' ? moved(range, 1 + (lap % oddMs), 1 + ((lap * 7919) % oddMs)) : range;
    return { path: pathOf(asked), range };
  }
  return { next: (many) => Array.from({ length: many }, nextQuery) };
}

/** An open bound is left out. */
export function queryOf({ start, end }: Range): string {
  const bounds = [
    ...(start === -Infinity ? [] : [`starts_at=${new Date(start).toISOString()}`]),
    ...(end === Infinity ? [] : [`ends_at=${new Date(end).toISOString()}`]),
  ];
  return bounds.join('&');
}

export const pathOf = (range: Range): string => `/search?${queryOf(range)}`;

const moved = ({ start, end }: Range, earlierMs: number, laterMs: number): Range => ({
  start: start - earlierMs,
  end: end + laterMs,
});

/** Running sums of 1/rank, scaled to end at 1: the distribution of Zipf with exponent 1. */
function zipfSums(ranks: number): Float64Array {
  const sums = new Float64Array(ranks);
  let sum = 0;
  for (let rank = 1; rank <= ranks; rank++) sums[rank - 1] = sum += 1 / rank;
  return sums.map((value) => value / sum);
}

function rankOf(sums: Float64Array, fraction: number): number {
  let [low, high] = [0, sums.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sums[middle] as number) < fraction) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A few of the ranges, spread over all of them. */
export function someOf(ranges: readonly Range[], count: number, seed: number): Range[] {
  const random = mulberry32(seed);
  return Array.from({ length: Math.min(count, ranges.length) }, () => pick(random, ranges));
}
