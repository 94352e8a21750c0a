// The status of an event: whether it takes place as planned. schema.org's eventStatus has the same terms.

import type { EventStatus, Facts } from './event.ts';

/** A status as feeds give it. Many have one field for whether an event takes place and whether it is sold out. */
export type GivenStatus = EventStatus | 'sold_out';

export const statusOf = ({ status }: Pick<Facts, 'status'>): EventStatus | null =>
  status === undefined ? 'scheduled' : status;

/** Null for any other text than the terms themselves. */
export const parseStatus = (text: string): GivenStatus | null =>
  terms.has(text) ? (text as GivenStatus) : null;

/**
 * Accepts `Canceled`, `SOLD OUT` and terms of schema.org such as `https://schema.org/EventPostponed`. Null when the meaning is
 * not certain.
 */
export function repairedStatus(text: string): GivenStatus | null {
  const word = text
    .slice(text.search(/[^/#:]*$/))
    .toLowerCase()
    .replaceAll(/[\s_-]/g, '');
  return words.get(word) ?? null;
}

const terms = new Set<string>(['scheduled', 'cancelled', 'postponed', 'rescheduled', 'sold_out']);

const words = new Map<string, GivenStatus>([
  ['scheduled', 'scheduled'],
  ['eventscheduled', 'scheduled'],
  ['eventmovedonline', 'scheduled'],
  ['confirmed', 'scheduled'],
  ['onsale', 'scheduled'],
  ['cancelled', 'cancelled'],
  ['canceled', 'cancelled'],
  ['eventcancelled', 'cancelled'],
  ['postponed', 'postponed'],
  ['eventpostponed', 'postponed'],
  ['rescheduled', 'rescheduled'],
  ['eventrescheduled', 'rescheduled'],
  ['soldout', 'sold_out'],
]);
