// The offers of a schema.org event as zones. An AggregateOffer without offers of its own has its lowest and highest price.

import type { JsonObject } from '#/provider/formats/members.ts';
import { idOf, lastPart, nodesOf, refOf, textOf, valueOf } from './node.ts';

export interface Offer {
  /** With the members of `ndjson`. */
  readonly zones: readonly JsonObject[];
  /** When its sale begins and ends; null when it does not say. */
  readonly from: unknown;
  readonly to: unknown;
  readonly isSoldOut: boolean;
}

/** An offer more of one event is not read. */
const offersMax = 2000;

const gone = new Set(['SoldOut', 'OutOfStock', 'Discontinued']);

/** The offers of an event. A free event without offers has one of price 0. */
export function offersOf(event: JsonObject): Offer[] {
  const offers = nodesOf(event, 'offers')
    .slice(0, offersMax)
    .flatMap(partsOf)
    .slice(0, offersMax)
    .map(offerIn);
  if (offers.length > 0 || valueOf(event, 'isAccessibleForFree') !== true) return offers;
  return [{ zones: [{ price: '0' }], from: null, to: null, isSoldOut: false }];
}

function partsOf(offer: JsonObject): JsonObject[] {
  const parts = nodesOf(offer, 'offers');
  return parts.length > 0 ? parts : [offer];
}

function offerIn(offer: JsonObject): Offer {
  const availability = refOf(offer, 'availability');
  const isSoldOut = typeof availability === 'string' && gone.has(lastPart(availability));
  const [level] = nodesOf(offer, 'inventoryLevel');
  const seats = level === undefined ? null : valueOf(level, 'value');
  const zone = {
    zoneId: idOf(offer),
    name: textOf(offer, 'name', 'category'),
    capacity: isSoldOut ? 0 : seats,
  };
  return {
    zones: pricesOf(offer).map((price) => ({ ...zone, price })),
    from: valueOf(offer, 'validFrom', 'availabilityStarts'),
    to: valueOf(offer, 'validThrough', 'availabilityEnds'),
    isSoldOut,
  };
}

/** None when the offer has no price. */
function pricesOf(offer: JsonObject): unknown[] {
  const specifications = nodesOf(offer, 'priceSpecification');
  const own = [textOf(offer, 'price')].concat([textOf(offer, 'lowPrice'), textOf(offer, 'highPrice')]);
  const found = own.filter((price) => price !== null);
  if (found.length > 0) return found;
  return specifications
    .flatMap((one) => [textOf(one, 'price'), textOf(one, 'minPrice'), textOf(one, 'maxPrice')])
    .filter((price) => price !== null)
    .slice(0, offersMax);
}

/** Whether there are offers and all of them are sold out. */
export const soldOutIn = (offers: readonly Offer[]): boolean =>
  offers.length > 0 && offers.every(({ isSoldOut }) => isSoldOut);
