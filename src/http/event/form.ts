// In which form a client wants a single event, by the path or by the Accept header.

import { calendarType, jsonLdType, qualityOf } from '#/http/events/accept.ts';
import type { Target } from './target.ts';

export type Form = 'json' | 'calendar' | 'json-ld';

/** A wildcard means JSON, and JSON wins a tie. Only an event has other forms, not its history. */
export function formOf({ kind }: Pick<Target, 'kind'>, accept: string | undefined): Form {
  if (kind === 'calendar') return 'calendar';
  if (kind !== 'event' || accept === undefined) return 'json';
  if (!accept.includes('calendar') && !accept.includes('ld+json')) return 'json';
  const [json, calendar, linked] = ['application/json', calendarType, jsonLdType].map((type) =>
    qualityOf(accept, [type]),
  ) as [number, number, number];
  if (Math.max(calendar, linked) <= json) return 'json';
  return linked >= calendar ? 'json-ld' : 'calendar';
}
