// Visits the events of one layer of some segments in the order of (start, id), as one sequence.

import type { DetailedSegment, Edition } from '#/search/events/edition.ts';
import { refOf } from '#/search/events/refs.ts';
import { idAt, idOfPlace } from '#/snapshot/places.ts';
import { sumLanes, type Layer } from '#/snapshot/segment.ts';

export interface LayerWalk {
  /** Null at the end. */
  layer: Layer | null;
  /** The next two are those of the event in its segment; the place of ordinal 0 is `placeAt`. */
  segment: DetailedSegment;
  ordinal: number;
  placeAt: number;
  /** The index of the segment in its edition. */
  index: number;
  readonly edition: Edition;
  readonly name: 'brief' | 'long';
  /** Indexes of segments that are still to be visited, the last one first. */
  readonly waiting: number[];
}

/** `indexes`: of segments of the edition, rising. */
export function walkLayer(edition: Edition, name: 'brief' | 'long', indexes: readonly number[]): LayerWalk {
  const walk: LayerWalk = {
    layer: null,
    segment: edition.segments[indexes[0] ?? 0] as DetailedSegment,
    ordinal: 0,
    placeAt: 0,
    index: 0,
    edition,
    name,
    waiting: indexes.toReversed(),
  };
  enterNext(walk);
  return walk;
}

export function advance(walk: LayerWalk): void {
  walk.ordinal++;
  if (walk.layer !== null && walk.ordinal === walk.layer.events) enterNext(walk);
}

function enterNext(walk: LayerWalk): void {
  walk.layer = null;
  walk.ordinal = 0;
  for (let index = walk.waiting.pop(); index !== undefined; index = walk.waiting.pop()) {
    const segment = walk.edition.segments[index] as DetailedSegment;
    const layer = segment[walk.name];
    if (layer.events === 0) continue;
    walk.layer = layer;
    walk.segment = segment;
    walk.index = index;
    walk.placeAt = walk.name === 'brief' ? 0 : segment.brief.events;
    return;
  }
}

/** Moves behind the event with this start and id, and behind those before it. The walk is at its beginning. */
export function skipTo(
  walk: LayerWalk,
  { start, id }: { readonly start: number; readonly id: string },
): void {
  const { layer, segment, placeAt } = walk;
  if (layer === null) return;
  let [low, high] = [0, layer.events];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const own = layer.starts[middle] as number;
    if (own < start || (own === start && idOfPlace(segment, placeAt + middle) <= id)) low = middle + 1;
    else high = middle;
  }
  walk.ordinal = low;
  if (low === layer.events) enterNext(walk);
}

export const placeOfWalk = ({ placeAt, ordinal }: LayerWalk): number => placeAt + ordinal;
export const refOfWalk = (walk: LayerWalk): number => refOf(walk.index, placeOfWalk(walk));

const idLength = 36;

/** Negative when `a` is at an earlier event than `b`, 0 at the same event with the same start. Both have events left. */
export function orderOf(a: LayerWalk, b: LayerWalk): number {
  const [one, other] = [a.layer as Layer, b.layer as Layer];
  const later = (one.starts[a.ordinal] as number) - (other.starts[b.ordinal] as number);
  if (later !== 0) return later;
  if (hasSameText(one, a.ordinal, other, b.ordinal)) return 0;
  const [at, otherAt] = [
    (one.textAt[a.ordinal] as number) + idAt,
    (other.textAt[b.ordinal] as number) + idAt,
  ];
  return one.text.compare(other.text, otherAt, otherAt + idLength, at, at + idLength);
}

/** Whether `/search` returns the same of both, by the hashes of their texts: 96 bits. */
export function hasSameText(a: Layer, i: number, b: Layer, j: number): boolean {
  for (let lane = 0; lane < sumLanes; lane++) {
    const one = (a.sums[(i + 1) * sumLanes + lane] as number) - (a.sums[i * sumLanes + lane] as number);
    const other = (b.sums[(j + 1) * sumLanes + lane] as number) - (b.sums[j * sumLanes + lane] as number);
    if (one >>> 0 !== other >>> 0) return false;
  }
  return true;
}
