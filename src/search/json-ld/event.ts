// One event as JSON-LD, with the vocabulary of schema.org. The format `jsonld` reads back what this writes.
// Source: schema.org, "Event", "AggregateOffer", "Offer".

import type { Sighted } from '#/domain/event.ts';
import { isRefusal } from '#/domain/refusal.ts';
import { parseWallClock } from '#/domain/time/wall-clock.ts';
import { zonesIn } from '#/domain/zones.ts';
import { eventText } from '#/search/by-id/event-text.ts';
import type { Found } from '#/search/by-id/id-index.ts';
import { availabilityOf, statusTermOf, vocabulary, type Standing } from './vocabulary.ts';

/** The fields of `/events/{id}` that are used here. */
interface Shown extends Standing {
  readonly id: string;
  readonly title: string;
  readonly start_date: string;
  readonly start_time: string | null;
  readonly end_date: string | null;
  readonly end_time: string | null;
  readonly starts_at: string;
  readonly ends_at: string;
  readonly time_zone: string;
  readonly min_price: number | null;
  readonly max_price: number | null;
  readonly sell_from: string | null;
  readonly sell_to: string | null;
}

/** Offers of one event; the range of prices has those of all. */
const offersMax = 200;

/** A JSON document. A property that is not known is absent. */
export function eventJsonLd(found: Found, sighted: Sighted): string {
  const event = JSON.parse(eventText(found, null, null)) as Shown;
  const { start_date: startDate, end_date: endDate } = event;
  const node = {
    '@context': vocabulary,
    '@type': 'Event',
    '@id': `urn:uuid:${event.id}`,
    identifier: event.id,
    name: event.title,
    startDate: timeText(startDate, event.start_time, event.starts_at),
    endDate: endDate === null ? undefined : timeText(endDate, event.end_time, event.ends_at),
    eventStatus: statusTermOf(event),
    offers: event.min_price === null ? undefined : offersOf(event, sighted),
  };
  return JSON.stringify(node);
}

/** Prices have no currency, because feeds name none. */
function offersOf(event: Shown, { zones }: Sighted): object {
  const sale = {
    availability: availabilityOf(event),
    validFrom: saleText(event.sell_from, event.time_zone),
    validThrough: saleText(event.sell_to, event.time_zone),
  };
  const offers =
    zones === 'null'
      ? []
      : zonesIn(zones)
          .slice(0, offersMax)
          .map(({ zoneId, name, price, capacity }) => ({
            '@type': 'Offer',
            identifier: zoneId ?? undefined,
            name: name ?? undefined,
            price: price / 100,
            ...sale,
            inventoryLevel: capacity === null ? undefined : { '@type': 'QuantitativeValue', value: capacity },
          }));
  return {
    '@type': 'AggregateOffer',
    lowPrice: event.min_price,
    highPrice: event.max_price,
    offerCount: offers.length === 0 ? undefined : offers.length,
    ...sale,
    offers: offers.length === 0 ? undefined : offers,
  };
}

const saleText = (local: string | null, timeZone: string): string | undefined => {
  if (local === null) return undefined;
  const clock = parseWallClock(local, timeZone);
  return isRefusal(clock) ? undefined : withOffset(local, clock.instant);
};

/** A day, or a local time with its offset. `at`: the instant, as in `starts_at`. */
const timeText = (date: string, time: string | null, at: string): string =>
  time === null ? date : withOffset(`${date}T${time}`, Date.parse(at));

/** In UTC where the offset is not one of whole minutes, as it was before there were time zones. */
function withOffset(local: string, instant: number): string {
  const minutes = (Date.parse(`${local}Z`) - instant) / 60_000;
  if (!Number.isInteger(minutes) || Math.abs(minutes) >= 24 * 60)
    return new Date(instant).toISOString().replace('.000Z', 'Z');
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `${local}${minutes < 0 ? '-' : '+'}${two(hours)}:${two(rest)}`;
}

const two = (number: number): string => String(number).padStart(2, '0');
