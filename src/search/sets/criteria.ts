// The events of a segment that a filter admits by what does not depend on time and price: provider, sell mode, status, availability
// and the words of the title.

import { isOffline, isSoldOut, none, sourceOf } from '#/snapshot/details.ts';
import type { DetailedSegment, Edition } from '#/search/events/edition.ts';
import type { StatusFilter } from '#/search/events/parameters.ts';
import { traitsKey, type EventFilter } from '#/search/events/query.ts';
import { statusAt } from '#/snapshot/statuses.ts';
import { createKept, type Named } from './kept.ts';
import { bytesOfSet, intersection, noPlace, placesWhere, type PlaceSet } from './place-set.ts';
import { bytesOfPrices, sortPrices, type PriceRange, type SortedPrices } from './prices.ts';
import { wordsIn } from './words.ts';

export interface Criteria {
  /** The name of the sets; empty when they have every event. */
  readonly name: string;
  /** By the index of the segment in the edition. */
  setIn(index: number): PlaceSet;
  /** The indexes of the segments whose sets may have an event, ascending. */
  indexes(): readonly number[];
  readonly price: PriceRange | null;
  /** The prices of each set; null when they are not kept sorted. */
  readonly prices: Named<SortedPrices> | null;
}

type Traits = Pick<EventFilter, 'provider' | 'sellMode' | 'status' | 'available'>;

const traitBytesMax = 2_000_000;
const priceBytesMax = 8_000_000;
const priceBytesPerEvent = 8;

const traitSets = createKept(bytesOfSet, traitBytesMax);
const sortedPrices = createKept(bytesOfPrices, priceBytesMax);

const everywhere = new WeakMap<Edition, readonly number[]>();

function everywhereIn(edition: Edition): readonly number[] {
  let indexes = everywhere.get(edition);
  if (indexes === undefined) everywhere.set(edition, (indexes = [...edition.segments.keys()]));
  return indexes;
}

export function criteriaOf(edition: Edition, filter: EventFilter): Criteria {
  const { minPrice, maxPrice, words } = filter;
  const price =
    minPrice === null && maxPrice === null ? null : { least: minPrice ?? 0, most: maxPrice ?? none - 1 };
  const hasTraits =
    filter.provider !== null ||
    filter.sellMode !== null ||
    filter.status !== null ||
    filter.available !== null;
  const name = hasTraits ? traitsKey(filter) : '';
  const fullName = words.length === 0 ? name : `[${words.join(' ')}] ${name}`;
  const byTraits = traitsIn(edition, filter, name);
  const byWords = words.length === 0 ? null : wordsIn(edition, words);
  const setIn =
    byWords === null
      ? byTraits
      : !hasTraits
        ? byWords.of
        : (index: number): PlaceSet => {
            const traits = byTraits(index);
            return traits.count === 0 ? traits : intersection(traits, byWords.of(index));
          };
  const isSorted =
    price !== null && byWords === null && edition.events * priceBytesPerEvent * 2 <= priceBytesMax;
  const prices = isSorted
    ? sortedPrices.named(name, edition, (segment, index) => sortPrices(segment, byTraits(index)))
    : null;
  const indexes = byWords === null ? (): readonly number[] => everywhereIn(edition) : byWords.indexes;
  return { name: fullName, setIn, indexes, price, prices };
}

function traitsIn(edition: Edition, filter: Traits, name: string): (index: number) => PlaceSet {
  const { segments } = edition;
  const { provider, sellMode, status, available } = filter;
  if (provider === null && sellMode === null && status === null && available === null)
    return (index) => ({ bits: null, count: (segments[index] as DetailedSegment).events });
  return traitSets.named(name, edition, (segment) => placesWith(segment, filter)).of;
}

function placesWith(segment: DetailedSegment, { provider, sellMode, status, available }: Traits): PlaceSet {
  const { details, events } = segment;
  const { traits, capacities, sources } = details;
  const ofProvider = Uint8Array.from(sources, (source) =>
    Number(provider === null || source.provider === provider),
  );
  if (!ofProvider.includes(1)) return noPlace;
  const hasStatus = status === null ? null : statusTest(segment, status);
  if (hasStatus === 'none') return noPlace;
  const offline = sellMode === 'offline';
  return placesWhere(events, (place) => {
    const own = traits[place] as number;
    if (ofProvider[sourceOf(own)] === 0) return false;
    if (sellMode !== null && isOffline(own) !== offline) return false;
    if (hasStatus !== null && !hasStatus(place)) return false;
    if (available === null) return true;
    const capacity = capacities[place] as number;
    return (capacity > 0 && capacity !== none && !isSoldOut(own)) === available;
  });
}

/** Null when it admits every event, `none` when it admits no event. */
function statusTest(
  { details }: DetailedSegment,
  status: StatusFilter,
): ((place: number) => boolean) | 'none' | null {
  if (status === 'sold_out') return (place) => isSoldOut(details.traits[place] as number);
  if (details.statuses === null) return status === 'scheduled' ? null : 'none';
  return (place) => statusAt(details, place) === status;
}
