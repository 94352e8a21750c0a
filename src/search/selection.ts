// The result of a search: stretches of events, with totals for the length and the tag of the answer.

import { sumLanes, type Layer, type Segment } from '#/snapshot/segment.ts';

/** Consecutive ordinals of one layer, `from` inclusive and `to` exclusive, or a whole segment with two layers. */
export interface Stretch {
  segment: Segment;
  /** Null for a whole segment that has two layers. */
  layer: Layer | null;
  from: number;
  to: number;
}

/** One search fills it, and it is read before the next search. A worker reuses one, so that a request allocates nothing. */
export interface Selection {
  /** Only the first `count` belong to this search. In order of (start, id). */
  readonly stretches: Stretch[];
  count: number;
  events: number;
  /** The length of all their texts, each with its leading comma. */
  textBytes: number;
  /** The sum of their hashes. */
  readonly sums: Uint32Array;
}

export const createSelection = (): Selection => ({
  stretches: [],
  count: 0,
  events: 0,
  textBytes: 0,
  sums: new Uint32Array(sumLanes),
});

/** A selection with more stretches than this is truncated before the next search, to free the memory. */
const keptMax = 10_000;

export function clear(selection: Selection): void {
  if (selection.stretches.length > keptMax) selection.stretches.length = 0;
  selection.count = 0;
  selection.events = 0;
  selection.textBytes = 0;
  selection.sums.fill(0);
}

/** Adds a stretch of at least one event. Adjacent stretches of a layer become one. */
export function take(selection: Selection, segment: Segment, layer: Layer, from: number, to: number): void {
  count(selection, layer, from, to);
  const before = selection.count === 0 ? undefined : selection.stretches[selection.count - 1];
  if (before !== undefined && before.layer === layer && before.to === from) before.to = to;
  else put(selection, segment, layer, from, to);
}

export function takeWhole(selection: Selection, segment: Segment): void {
  const { brief, long } = segment;
  count(selection, brief, 0, brief.events);
  count(selection, long, 0, long.events);
  const only = long.events === 0 ? brief : brief.events === 0 ? long : null;
  put(selection, segment, only, 0, segment.events);
}

function count(selection: Selection, { textAt, sums }: Layer, from: number, to: number): void {
  selection.events += to - from;
  selection.textBytes += (textAt[to] as number) - (textAt[from] as number);
  const own = selection.sums;
  const [begin, end] = [from * sumLanes, to * sumLanes];
  own[0] = (own[0] as number) + ((sums[end] as number) - (sums[begin] as number));
  own[1] = (own[1] as number) + ((sums[end + 1] as number) - (sums[begin + 1] as number));
  own[2] = (own[2] as number) + ((sums[end + 2] as number) - (sums[begin + 2] as number));
}

function put(selection: Selection, segment: Segment, layer: Layer | null, from: number, to: number): void {
  const free = selection.stretches[selection.count++];
  if (free === undefined) {
    selection.stretches.push({ segment, layer, from, to });
    return;
  }
  // An equal reference is not written again, to avoid the garbage collector's write barrier.
  if (free.segment !== segment) free.segment = segment;
  if (free.layer !== layer) free.layer = layer;
  free.from = from;
  free.to = to;
}
