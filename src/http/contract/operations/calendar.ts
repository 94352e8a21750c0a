import { catalogueHeader } from '#/http/catalogue-header.ts';
import { listQuery } from '#/http/contract/event-parameters.ts';
import type { Operation } from '#/http/contract/operation.ts';
import { routes } from '#/http/contract/routes.ts';
import { calendarEventsMax } from '#/search/calendar/calendar.ts';
import { calendarContent } from './calendar-content.ts';
import { idParameters, noQuery } from '#/http/contract/single-event-parameters.ts';
import { eventErrors } from './events.ts';

export const subscribeToEvents = {
  ...routes.subscribeToEvents,
  tag: 'Events',
  summary: 'Returns events as a calendar to subscribe to',
  description: `The first ${calendarEventsMax} events of the query; when there are more, the description of the calendar says so. \`/events\` with \`Accept: text/calendar\` returns the same. Times are in UTC; an event without a time is an event of whole days. \`SEQUENCE\` rises with the versions of the catalogue; \`LAST-MODIFIED\` is when the feed run began that changed the event last.`,
  query: listQuery.omit({ fields: true, limit: true, cursor: true, page: true, page_size: true }),
  answers: {
    200: {
      description: 'The calendar; it may have no event.',
      headers: ['ETag', 'Cache-Control', catalogueHeader, 'Content-Encoding'],
      content: calendarContent,
    },
    304: {
      description: '`If-None-Match` names the `ETag`: the calendar is the same as before.',
      headers: ['ETag', 'Cache-Control', catalogueHeader],
    },
  },
  errors: [...eventErrors, 'paging_mixed'],
} as const satisfies Operation;

export const getEventCalendar = {
  ...routes.getEventCalendar,
  tag: 'Events',
  summary: 'Returns one event as a calendar',
  description:
    'As in `/events.ics`. `/events/{id}` with `Accept: text/calendar` returns the same. `STATUS` is `CANCELLED` for an event that is cancelled.',
  pathParameters: idParameters,
  query: noQuery,
  answers: {
    200: {
      description: 'A calendar with one event.',
      headers: ['ETag', 'Cache-Control', catalogueHeader, 'Content-Encoding'],
      content: calendarContent,
    },
    304: {
      description: '`If-None-Match` names the `ETag`: the calendar is the same as before.',
      headers: ['ETag', 'Cache-Control', catalogueHeader],
    },
  },
  errors: [
    'id_invalid',
    'parameter_repeated',
    'parameter_unknown',
    'parameter_invalid',
    'escape_invalid',
    'event_unknown',
    'precondition_failed',
    'details_unavailable',
  ],
} as const satisfies Operation;
