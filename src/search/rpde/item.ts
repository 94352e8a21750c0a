// One event as the data of an RPDE item: an Event of schema.org as JSON-LD, with times in UTC.
// Source: OpenActive, "Realtime Paged Data Exchange 1.0", section "Response grammar"; schema.org, "Event".

import type { FieldName } from '#/search/events/parameters.ts';

/** An event as `/events` returns it. */
export type ListedEvent = Readonly<Record<FieldName, unknown>>;

const terms = 'https://schema.org/';

/** An end or a time that the feed does not say is left out. */
export function eventData(event: ListedEvent): object {
  const { id, title, base_id: baseId } = event;
  return {
    '@context': 'https://schema.org',
    '@type': 'Event',
    identifier: id,
    name: title,
    startDate: event.start_time === null ? event.start_date : event.starts_at,
    ...(event.end_date !== null && {
      endDate: event.end_time === null ? event.end_date : event.ends_at,
    }),
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
        availability: stateOf(event),
      },
    ],
  };
}

function stateOf({ sold_out: isSoldOut, sell_mode: mode }: ListedEvent): string {
  if (isSoldOut === true) return `${terms}SoldOut`;
  return mode === 'offline' ? `${terms}InStoreOnly` : `${terms}InStock`;
}
