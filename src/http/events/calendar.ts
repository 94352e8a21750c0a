// GET /events.ics, and GET /events with `Accept: text/calendar`: the events of a query as a calendar.

import { refuse, type Refusal } from '#/domain/refusal.ts';
import { calendarOf } from '#/search/calendar/calendar.ts';
import type { Edition } from '#/search/events/edition.ts';
import type { ListQuery } from '#/search/events/query.ts';
import { calendarType, wantsCalendar } from './accept.ts';
import { answerOf, type Answer } from './answers.ts';

export const calendarPath = '/events.ics';
const listPath = '/events';

/** `/events` is `/events.ics` for a client that accepts a calendar. Other URLs stay. */
export const calendarUrl = (url: string, accept: string | undefined): string => {
  if (!wantsCalendar(accept)) return url;
  const isList = url === listPath || url.startsWith(`${listPath}?`);
  return isList ? calendarPath + url.slice(listPath.length) : url;
};

/** `total`: the number of events of the query. `search`: the query as it was sent. */
export function calendarAnswer(
  edition: Edition,
  query: ListQuery,
  total: () => number,
  search: string,
): Answer | Refusal {
  if (query.isPaged || query.fields !== null)
    return refuse(
      'paging_mixed',
      'Got a parameter of paging or fields, expected none: a calendar has all events.',
    );
  const body = calendarOf(edition, query, total);
  const identity = `${edition.version} ${edition.tag} ${edition.published?.seq} ${calendarPath} ${search}`;
  return { ...answerOf(edition.version, body, identity), type: `${calendarType}; charset=utf-8` };
}
