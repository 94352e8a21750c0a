// The places of a segment in an order other than by start, ties by id.

import { none } from '#/snapshot/details.ts';
import { endOf } from '#/snapshot/places.ts';
import type { DetailedSegment, Edition } from '#/search/events/edition.ts';
import type { SortBy } from '#/search/events/parameters.ts';
import { createKept, type Named } from './kept.ts';
import { hasPlace, type PlaceSet } from './place-set.ts';

export interface PlaceOrder {
  /** Ascending; in the order by price, events without one are behind the others. */
  readonly places: Uint16Array | Uint32Array;
  /** How many have a value of the order. */
  readonly valued: number;
}

export type KeptOrder = Exclude<SortBy, 'start'>;

const orderBytesMax = 8_000_000;
const bytesPerPlace = 2;
/** Kept at the same time: by end, title and price; the order by id is part of a segment. */
const ordersKept = 3;

const bytesOf = ({ places }: PlaceOrder): number => 100 + places.byteLength;
const orders = createKept(bytesOf, orderBytesMax);

/** Null when the edition is too large to keep its orders. */
export function ordersOf(edition: Edition, by: KeptOrder): Named<PlaceOrder> | null {
  if (by !== 'id' && edition.events * bytesPerPlace * ordersKept > orderBytesMax) return null;
  return orders.named(by, edition, (segment) => orderOf(segment, by));
}

/** The same of the events of a set. `name`: of the set. */
export function ordersWithin(
  edition: Edition,
  by: KeptOrder,
  name: string,
  setIn: (index: number) => PlaceSet,
): Named<PlaceOrder> | null {
  const all = ordersOf(edition, by);
  if (all === null || name === '') return all;
  return orders.named(`${by} ${name}`, edition, (_, index) => within(all.of(index), setIn(index)));
}

function within({ places, valued }: PlaceOrder, set: PlaceSet): PlaceOrder {
  const { bits, count } = set;
  const own = places.slice(0, count);
  if (bits === null || count === 0) return { places: own, valued: Math.min(valued, count) };
  let [at, ownValued] = [0, 0];
  for (let i = 0; i < places.length; i++) {
    if (i === valued) ownValued = at;
    const place = places[i] as number;
    if (hasPlace(set, place)) own[at++] = place;
  }
  return { places: own, valued: valued === places.length ? count : ownValued };
}

/** The places of the events whose titles have these ranks. `byTitle`: the order by title, in which `titlesAt` has their positions. */
export function placesOfTitles(
  { places }: PlaceOrder,
  titlesAt: Uint16Array | Uint32Array,
  ranks: readonly number[],
): PlaceSet {
  const bits = new Uint32Array((places.length + 31) >>> 5);
  let count = 0;
  for (const rank of ranks) {
    const to = titlesAt[rank + 1] as number;
    for (let i = titlesAt[rank] as number; i < to; i++, count++) {
      const place = places[i] as number;
      bits[place >>> 5] = (bits[place >>> 5] as number) | (1 << (place & 31));
    }
  }
  return { bits, count };
}

/** The place at a position in the order or, `descending`, in its reverse, in which events without a value are last too. */
export function placeIn({ places, valued }: PlaceOrder, descending: boolean, position: number): number {
  if (!descending) return places[position] as number;
  return (
    position < valued ? places[valued - 1 - position] : places[places.length - 1 - (position - valued)]
  ) as number;
}

function orderOf(segment: DetailedSegment, by: KeptOrder): PlaceOrder {
  const { byId, minPrices, titleRanks } = segment.details;
  const { events } = segment;
  if (by === 'id') return { places: byId, valued: events };
  const valueOf = {
    end: (place: number): number => endOf(segment, place) - segment.minEnd,
    title: (place: number): number => titleRanks[place] as number,
    min_price: (place: number): number => minPrices[place] as number,
  }[by];
  const places = sortPlaces(byId, valueOf);
  const valued =
    by === 'min_price' ? minPrices.reduce((sum, price) => sum + Number(price !== none), 0) : events;
  return { places, valued };
}

/** By value, which is a whole number from 0 on, then by id. Numbers that hold both are sorted without a function. */
function sortPlaces(byId: Uint32Array, valueOf: (place: number) => number): PlaceOrder['places'] {
  const events = byId.length;
  const keys = Float64Array.from(byId, (place, rank) => valueOf(place) * events + rank);
  const fits = keys.every((key) => key <= Number.MAX_SAFE_INTEGER);
  const places = new (events <= 65_536 ? Uint16Array : Uint32Array)(events);
  if (fits) keys.sort().forEach((key, i) => (places[i] = byId[key % events] as number));
  else places.set(Array.from(byId).toSorted((a, b) => valueOf(a) - valueOf(b)));
  return places;
}
