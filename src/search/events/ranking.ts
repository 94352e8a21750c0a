// The keys by which events are sorted, and which of two comes first. The id breaks every tie, so no two events are equal. `desc`
// is the reverse of `asc`, but that events without a price are last in both.

import { none } from '#/snapshot/details.ts';
import { endOf, idAt, idLength, layerOf, ordinalOf, startOf } from '#/snapshot/places.ts';
import type { DetailedSegment, Edition } from './edition.ts';
import type { SortBy } from './parameters.ts';
import type { EventOrder } from './query.ts';
import { placeOf, segmentOf } from './refs.ts';
import { titleKey } from './titles.ts';

export interface Ranked {
  readonly ref: number;
  /** The value of the order; 0 where that is the title. */
  readonly key: number;
  /** The sort key of the title; empty in another order. */
  readonly title: string;
  /** The first 32 bits of the id, which usually decide; negative until they are needed, as they must be read from the text. */
  idPrefix: number;
}

export type KeyOf = (segment: DetailedSegment, place: number) => number;

const keys: Readonly<Record<Exclude<SortBy, 'min_price'>, KeyOf>> = {
  start: startOf,
  end: endOf,
  id: idPrefixOf,
  title: () => 0,
};

/** Events without a price are last. */
const priceOr =
  (absent: number): KeyOf =>
  ({ details }, place) => {
    const price = details.minPrices[place] as number;
    return price !== none ? price : absent;
  };
const [priceUp, priceDown] = [priceOr(Infinity), priceOr(-1)];

export const keyIn = ({ by, descending }: EventOrder): KeyOf =>
  by !== 'min_price' ? keys[by] : descending ? priceDown : priceUp;

/** The position of one event in the order. */
export function rankedAt({ segments }: Edition, order: EventOrder, ref: number): Ranked {
  const segment = segments[segmentOf(ref)] as DetailedSegment;
  const place = placeOf(ref);
  return {
    ref,
    key: keyIn(order)(segment, place),
    title: order.by === 'title' ? titleKey(segment, segment.details.titleRanks[place] as number) : '',
    idPrefix: -1,
  };
}

/** Whether `a` comes before `b`. */
export function precedes({ segments }: Edition, { descending }: EventOrder, a: Ranked, b: Ranked): boolean {
  if (a.key !== b.key) return a.key < b.key !== descending;
  if (a.title < b.title) return !descending;
  if (a.title !== b.title) return descending;
  if (a.ref === b.ref) return false;
  const [one, other] = [prefixOf(segments, a), prefixOf(segments, b)];
  if (one !== other) return one < other !== descending;
  return compareIds(segments, a.ref, b.ref) < 0 !== descending;
}

/** Byte by byte in the texts: that needs no strings. */
function compareIds(segments: Edition['segments'], a: number, b: number): number {
  const [segment, other] = [segments[segmentOf(a)], segments[segmentOf(b)]] as [
    DetailedSegment,
    DetailedSegment,
  ];
  const [place, otherPlace] = [placeOf(a), placeOf(b)];
  const [{ text, textAt }, { text: otherText, textAt: otherAt }] = [
    layerOf(segment, place),
    layerOf(other, otherPlace),
  ];
  const from = (textAt[ordinalOf(segment, place)] as number) + idAt;
  const otherFrom = (otherAt[ordinalOf(other, otherPlace)] as number) + idAt;
  for (let i = 0; i < idLength; i++) {
    const difference = (text[from + i] as number) - (otherText[otherFrom + i] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}

function prefixOf(segments: Edition['segments'], ranked: Ranked): number {
  if (ranked.idPrefix < 0)
    ranked.idPrefix = idPrefixOf(segments[segmentOf(ranked.ref)] as DetailedSegment, placeOf(ranked.ref));
  return ranked.idPrefix;
}

/** The value of each hex digit, by its character code. */
const digits = new Uint8Array(128);
for (let value = 0; value < 16; value++) digits[value.toString(16).charCodeAt(0)] = value;

function idPrefixOf(segment: DetailedSegment, place: number): number {
  const { text, textAt } = layerOf(segment, place);
  const from = (textAt[ordinalOf(segment, place)] as number) + idAt;
  let prefix = 0;
  for (let i = from; i < from + 8; i++) prefix = prefix * 16 + (digits[text[i] as number] as number);
  return prefix;
}
