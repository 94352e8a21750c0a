// One event as the data of an RPDE item: an Event of schema.org as JSON-LD, with times in UTC.
// Source: OpenActive, "Realtime Paged Data Exchange 1.0", section "Response grammar"; schema.org, "Event".

import type { FieldName } from '#/search/events/parameters.ts';
import { availabilityOf, statusTermOf, vocabulary, type Standing } from '#/search/json-ld/vocabulary.ts';

/** An event as `/events` returns it. */
export type ListedEvent = Standing & Readonly<Record<Exclude<FieldName, keyof Standing>, unknown>>;

/** A property that is not known is absent. */
export function eventData(event: ListedEvent): object {
  const { id, title, base_id: baseId } = event;
  return {
    '@context': vocabulary,
    '@type': 'Event',
    identifier: id,
    name: title,
    startDate: event.start_time === null ? event.start_date : event.starts_at,
    ...(event.end_date !== null && {
      endDate: event.end_time === null ? event.end_date : event.ends_at,
    }),
    eventStatus: statusTermOf(event),
    superEvent: { '@type': 'Event', identifier: baseId },
    ...offersOf(event),
  };
}

/** The standard wants an id of each embedded entity. */
function offersOf(event: ListedEvent): object {
  const { id, min_price: lowPrice, max_price: highPrice } = event;
  const prices = lowPrice === null ? {} : { lowPrice, highPrice };
  return {
    offers: [
      {
        '@type': 'AggregateOffer',
        identifier: `${String(id)}#offer`,
        ...prices,
        availability: availabilityOf(event),
      },
    ],
  };
}
