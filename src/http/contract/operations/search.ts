import * as z from 'zod';
import { rangeOf } from '#/domain/query.ts';
import { isRefusal } from '#/domain/refusal.ts';
import { catalogueHeader } from '#/http/catalogue-header.ts';
import { ignoredHeader } from '#/http/ignored.ts';
import type { Operation } from '#/http/contract/operation.ts';
import { routes } from '#/http/contract/routes.ts';
import { instantProse, instantText } from '#/http/contract/parameters.ts';
import { eventExample, eventList } from '#/http/contract/schemas.ts';

/** /search itself reads its query by hand, which is faster; a test compares the two. */
export const searchQuery = z
  .object({
    starts_at: instantText.optional().meta({
      description: `Only events that start at this instant or later. ${instantProse}`,
      example: '2021-02-01T00:00:00Z',
    }),
    ends_at: instantText.optional().meta({
      description: 'Only events that end at this instant or earlier. The same forms.',
      example: '2021-03-01T00:00:00Z',
    }),
  })
  .superRefine((given, context) => {
    const read = rangeOf(given.starts_at, given.ends_at);
    if (isRefusal(read))
      context.addIssue({ code: 'custom', message: read.message, params: { code: read.code } });
  });

export const searchEvents = {
  ...routes.searchEvents,
  tag: 'Search',
  summary: 'Lists the events of a time range',
  description:
    'Lists the events that lie wholly in the range: they start at `starts_at` or later and end at `ends_at` or earlier. They are sorted by start, then by id. A missing bound leaves the range open. An event stays searchable after its provider stops listing it. Other parameters are ignored, and a header names them.',
  query: searchQuery,
  answers: {
    200: {
      description: 'The events; the list may be empty.',
      headers: ['ETag', 'Cache-Control', catalogueHeader, 'Content-Encoding', ignoredHeader],
      content: {
        'application/json': { schema: eventList, example: { data: { events: [eventExample] }, error: null } },
      },
    },
    304: {
      description: '`If-None-Match` names the `ETag`: the events are the same as before.',
      headers: ['ETag', 'Cache-Control', catalogueHeader, ignoredHeader],
    },
  },
  errors: [
    'instant_unreadable',
    'date_impossible',
    'time_impossible',
    'parameter_repeated',
    'parameter_unknown',
    'range_reversed',
    'escape_invalid',
    'precondition_failed',
  ],
} as const satisfies Operation;
