import * as z from 'zod';
import { catalogueHeader } from '#/http/catalogue-header.ts';
import { histogramQuery, listQuery } from '#/http/contract/event-parameters.ts';
import { count, detailsExample, eventDetails, year } from '#/http/contract/event-schemas.ts';
import type { ErrorCode } from '#/http/contract/errors.ts';
import type { Operation } from '#/http/contract/operation.ts';
import { routes } from '#/http/contract/routes.ts';
import { calendarContent } from './calendar-content.ts';
import { answered } from '#/http/contract/schemas.ts';
import { linesType } from '#/http/events/accept.ts';
import { intervals, limitDefault, limitMax } from '#/search/events/parameters.ts';

const events = z.array(eventDetails).meta({ description: 'In the order of `sort_by`; may be empty.' });

const eventPage = answered(
  z.union([
    z
      .object({
        events,
        next_cursor: z
          .string()
          .nullable()
          .meta({ description: 'The `cursor` of the next page; null on the last page.' }),
      })
      .meta({ id: 'PageByCursor' }),
    z
      .object({
        events,
        page: count('Its number, from 1.'),
        page_size: count('The most events on it.'),
        total_rows: count('Events on all pages.'),
        total_pages: count('Pages.'),
      })
      .meta({ id: 'PageByNumber' }),
  ]),
).meta({ id: 'EventPage' });

const histogram = answered(
  z
    .object({
      interval: z.enum(intervals).meta({ description: 'The length of a bucket.' }),
      time_zone: z.string().meta({ description: 'Where the buckets begin: `tz`.' }),
      total_rows: count('Events in all buckets.'),
      buckets: z
        .array(
          z.object({
            starts_at: z
              .string()
              .regex(new RegExp(String.raw`${year}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$`))
              .meta({ description: 'The local time at which it begins, with its offset.' }),
            events: count('Events that start in it.'),
          }),
        )
        .meta({ description: 'From that of the first event to that of the last, in the order of time.' }),
    })
    .meta({ id: 'Histogram' }),
).meta({ id: 'EventCounts' });

/** Of every operation with these filters. */
export const eventErrors = [
  'instant_unreadable',
  'date_impossible',
  'time_impossible',
  'parameter_repeated',
  'parameter_unknown',
  'parameter_invalid',
  'range_reversed',
  'bound_missing',
  'escape_invalid',
  'precondition_failed',
  'details_unavailable',
] as const satisfies readonly ErrorCode[];

export const listEvents = {
  ...routes.listEvents,
  tag: 'Events',
  summary: 'Lists events with filters, orders and pages',
  description: `Pages come by \`limit\` and \`cursor\`, or by \`page\` and \`page_size\`: ${limitDefault} events by default, at most ${limitMax}. All pages that a cursor leads to are of one version of the catalogue. \`Link\` leads to other pages. Ask for \`${linesType}\` to get all events of the query in one answer, one per line.`,
  query: listQuery,
  answers: {
    200: {
      description: 'A page of events, or all of them as lines. Lines have neither `ETag` nor `Link`.',
      headers: ['ETag?', 'Cache-Control', catalogueHeader, 'Content-Encoding', 'Link', 'Server-Timing'],
      content: {
        'application/json': {
          schema: eventPage,
          example: { data: { events: [detailsExample], next_cursor: null }, error: null },
        },
        [linesType]: {
          schema: z.string().meta({ description: 'One event per line, as in a page.' }),
          example: `${JSON.stringify(detailsExample)}\n`,
        },
        ...calendarContent,
      },
    },
    304: {
      description: '`If-None-Match` names the `ETag`: the page is the same as before.',
      headers: ['ETag', 'Cache-Control', catalogueHeader, 'Link', 'Server-Timing'],
    },
  },
  errors: [
    ...eventErrors,
    'field_unknown',
    'paging_mixed',
    'page_too_deep',
    'cursor_invalid',
    'cursor_mismatch',
    'cursor_expired',
    'version_unavailable',
  ],
} as const satisfies Operation;

export const countEvents = {
  ...routes.countEvents,
  tag: 'Events',
  summary: 'Counts events by hour, day, week or month',
  description:
    'Each event counts once, in the bucket of its start. Empty buckets between others are included.',
  query: histogramQuery,
  answers: {
    200: {
      description: 'The counts; the list of buckets may be empty.',
      headers: ['ETag', 'Cache-Control', catalogueHeader, 'Content-Encoding'],
      content: {
        'application/json': {
          schema: histogram,
          example: {
            data: {
              interval: 'day',
              time_zone: 'Europe/Madrid',
              total_rows: 3,
              buckets: [
                { starts_at: '2021-02-10T00:00:00+01:00', events: 2 },
                { starts_at: '2021-02-11T00:00:00+01:00', events: 1 },
              ],
            },
            error: null,
          },
        },
      },
    },
    304: {
      description: '`If-None-Match` names the `ETag`: the counts are the same as before.',
      headers: ['ETag', 'Cache-Control', catalogueHeader],
    },
  },
  errors: [...eventErrors, 'too_many_buckets'],
} as const satisfies Operation;
