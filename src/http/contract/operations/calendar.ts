import { catalogueHeader } from '#/http/catalogue-header.ts';
import { listQuery } from '#/http/contract/event-parameters.ts';
import type { Operation } from '#/http/contract/operation.ts';
import { routes } from '#/http/contract/routes.ts';
import { calendarEventsMax } from '#/search/calendar/calendar.ts';
import { calendarContent } from './calendar-content.ts';
import { eventErrors } from './events.ts';

export const subscribeToEvents = {
  ...routes.subscribeToEvents,
  tag: 'Events',
  summary: 'Returns events as a calendar to subscribe to',
  description: `The first ${calendarEventsMax} events of the query; when there are more, the description of the calendar says so. \`/events\` with \`Accept: text/calendar\` returns the same. Times are in UTC; an event without a time is an event of whole days. \`SEQUENCE\` and \`LAST-MODIFIED\` rise with the versions of the catalogue.`,
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
