// The requests of a run, made from ranges, in the order in which they are sent.

import { mulberry32, pick } from '../../simulator/random.ts';
import type { Range } from '../catalogue/oracle.ts';
import { oddMs } from './ranges.ts';

/** `different`: no query twice in a run · `zipf`: a few queries often, most of them rarely · `repeated`: the same few. */
export type Order = 'different' | 'zipf' | 'repeated';

export interface Query {
  readonly path: string;
  /** The selected range; the bounds in the path can differ by milliseconds that select nothing else. */
  readonly range: Range;
}

export interface Queries {
  /** The next `count` queries. */
  next(count: number): Query[];
}

/** The number of different queries of the order `repeated`. */
export const repeatedRanges = 20;

export function createQueries(order: Order, ranges: readonly Range[], seed: number): Queries {
  const random = mulberry32(seed);
  let sent = 0;
  const count = order === 'repeated' ? Math.min(repeatedRanges, ranges.length) : ranges.length;
  const sums = order === 'zipf' ? zipfSums(count) : null;
  function nextQuery(): Query {
    const range = ranges[sums === null ? sent % count : rankOf(sums, random())] as Range;
    const lap = Math.floor(sent++ / count);
    // After one lap the same ranges return, with both bounds moved by some milliseconds, so that the paths differ.
    const queried =
      order === 'different' ? moved(range, 1 + (lap % oddMs), 1 + ((lap * 7919) % oddMs)) : range;
    return { path: pathOf(queried), range };
  }
  return { next: (many) => Array.from({ length: many }, nextQuery) };
}

/** Leaves out an infinite bound. */
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
