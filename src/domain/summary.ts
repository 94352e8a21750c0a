// Renders the eight fields of an event that the API promises. This runs once, when a segment is built.

import type { CatalogueEvent } from './event.ts';
import { priceAsJson } from './price.ts';

export function renderSummary(event: CatalogueEvent): string {
  const start = event.startLocal;
  const end = event.endLocal;
  return (
    `{"id":"${event.id}","title":${JSON.stringify(event.title)},` +
    `"start_date":"${start.slice(0, 10)}","start_time":${quoted(start.slice(11))},` +
    `"end_date":${quoted(end.slice(0, 10))},"end_time":${quoted(end.slice(11))},` +
    `"min_price":${priceAsJson(event.minPrice)},"max_price":${priceAsJson(event.maxPrice)}}`
  );
}

/** An event may have no time, and no end. */
const quoted = (text: string): string => (text === '' ? 'null' : `"${text}"`);
