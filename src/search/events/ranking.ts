// The keys by which events are sorted, and which of two comes first. The id breaks every tie, so no two events are equal. `desc`
// is the reverse of `asc`, but that events without a price are last in both.

import { none } from '#/snapshot/details.ts';
import { endOf, idAt, idOfPlace, layerOf, ordinalOf, startOf } from '#/snapshot/places.ts';
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
  /** The first 32 bits of the id, which usually decide. */
  readonly idPrefix: number;
}

export type KeyOf = (segment: DetailedSegment, place: number) => number;

export function keyIn({ by, descending }: EventOrder): KeyOf {
  const keys: Record<SortBy, KeyOf> = {
    start: startOf,
    end: endOf,
    id: idPrefixOf,
    title: () => 0,
    min_price: ({ details }, place) => {
      const price = details.minPrices[place] as number;
      return price !== none ? price : descending ? -1 : Infinity;
    },
  };
  return keys[by];
}

/** The position of one event in the order. */
export function rankedAt({ segments }: Edition, order: EventOrder, ref: number): Ranked {
  const segment = segments[segmentOf(ref)] as DetailedSegment;
  const place = placeOf(ref);
  return {
    ref,
    key: keyIn(order)(segment, place),
    title: order.by === 'title' ? titleKey(segment, segment.details.titleRanks[place] as number) : '',
    idPrefix: idPrefixOf(segment, place),
  };
}

/** Whether `a` comes before `b`. */
export function precedes({ segments }: Edition, { descending }: EventOrder, a: Ranked, b: Ranked): boolean {
  if (a.key !== b.key) return a.key < b.key !== descending;
  if (a.title !== b.title) return a.title < b.title !== descending;
  if (a.idPrefix !== b.idPrefix) return a.idPrefix < b.idPrefix !== descending;
  if (a.ref === b.ref) return false;
  const idOf = ({ ref }: Ranked): string =>
    idOfPlace(segments[segmentOf(ref)] as DetailedSegment, placeOf(ref));
  return idOf(a) < idOf(b) !== descending;
}

/** The value of each hex digit, by its character code. */
const digits = new Uint8Array(128);
for (let value = 0; value < 16; value++) digits[value.toString(16).charCodeAt(0)] = value;

export function idPrefixOf(segment: DetailedSegment, place: number): number {
  const { text, textAt } = layerOf(segment, place);
  const from = (textAt[ordinalOf(segment, place)] as number) + idAt;
  let prefix = 0;
  for (let i = from; i < from + 8; i++) prefix = prefix * 16 + (digits[text[i] as number] as number);
  return prefix;
}
