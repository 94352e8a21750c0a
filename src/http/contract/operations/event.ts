import { catalogueHeader } from '#/http/catalogue-header.ts';
import { changeExample, eventChange, oneEvent, oneEventExample } from '#/http/contract/event-schemas.ts';
import type { ErrorCode } from '#/http/contract/errors.ts';
import type { Operation } from '#/http/contract/operation.ts';
import { routes } from '#/http/contract/routes.ts';
import { answered, eventExample } from '#/http/contract/schemas.ts';
import {
  eventQuery,
  fieldsQuery,
  historyQuery,
  idParameters,
  idsMax,
  lookupBody,
} from '#/http/contract/single-event-parameters.ts';
import { calendarContent } from './calendar-content.ts';
import { jsonLdContent } from './json-ld-content.ts';
import * as z from 'zod';

const event = answered(z.object({ event: oneEvent }).meta({ id: 'OneEvent' })).meta({
  id: 'EventAnswer',
});

/** Of an event and its history. */
const ofOneEvent = [
  'id_invalid',
  'instant_unreadable',
  'date_impossible',
  'time_impossible',
  'as_of_future',
  'parameter_repeated',
  'parameter_unknown',
  'parameter_invalid',
  'escape_invalid',
  'event_unknown',
  'version_expired',
  'precondition_failed',
  'archive_unavailable',
] as const satisfies readonly ErrorCode[];

export const getEvent = {
  ...routes.getEvent,
  tag: 'Events',
  summary: 'Finds an event by its id',
  description:
    'An event that was ever on sale online is found, also after it has left its feed. Its zones and when it was seen are read from the snapshot store; answers without these fields come from memory. Ask for `application/ld+json` to get it as an Event of schema.org, and for `text/calendar` to get it as a calendar; these forms take no parameters. With `as_of` it is what the catalogue had then: a version comes from the snapshot store, an instant from the archive.',
  pathParameters: idParameters,
  query: eventQuery,
  answers: {
    200: {
      description: 'The event.',
      headers: ['ETag', 'Cache-Control', catalogueHeader, 'Content-Encoding'],
      content: {
        'application/json': { schema: event, example: { data: { event: oneEventExample }, error: null } },
        ...jsonLdContent,
        ...calendarContent,
      },
    },
    304: {
      description: '`If-None-Match` names the `ETag`: the event is the same as before.',
      headers: ['ETag', 'Cache-Control', catalogueHeader],
    },
  },
  errors: [...ofOneEvent, 'field_unknown', 'zones_unavailable', 'details_unavailable', 'version_unavailable'],
} as const satisfies Operation;

const lookupAnswer = answered(
  z
    .object({
      events: z
        .array(oneEvent)
        .meta({ description: 'Those that are known, in the order of their ids in the request.' }),
      unknown: z.array(z.uuid()).meta({ description: 'The ids that no event has, in the same order.' }),
    })
    .meta({ id: 'LookedUp' }),
).meta({ id: 'LookupAnswer' });

export const lookUpEvents = {
  ...routes.lookUpEvents,
  tag: 'Events',
  summary: 'Finds many events by their ids',
  description: `At most ${idsMax} ids. All events are of one version of the catalogue, with the fields of \`/events/{id}\`.`,
  query: fieldsQuery,
  body: { schema: lookupBody, example: { ids: [eventExample.id] } },
  answers: {
    200: {
      description: 'The events and the unknown ids.',
      headers: ['Cache-Control', catalogueHeader, 'Content-Encoding'],
      content: {
        'application/json': {
          schema: lookupAnswer,
          example: { data: { events: [oneEventExample], unknown: [] }, error: null },
        },
      },
    },
  },
  errors: [
    'id_invalid',
    'body_invalid',
    'body_too_large',
    'media_type_unsupported',
    'field_unknown',
    'parameter_repeated',
    'parameter_unknown',
    'parameter_invalid',
    'escape_invalid',
    'details_unavailable',
    'zones_unavailable',
  ],
} as const satisfies Operation;

const historyAnswer = answered(
  z
    .object({
      id: z.uuid().meta({ description: 'The id of the event.' }),
      changes: z.array(eventChange).meta({ description: 'The newest first.' }),
      next_cursor: z
        .string()
        .nullable()
        .meta({ description: 'The `cursor` of the next page, with older changes; null on the last page.' }),
    })
    .meta({ id: 'EventHistory' }),
).meta({ id: 'HistoryAnswer' });

export const getEventHistory = {
  ...routes.getEventHistory,
  tag: 'Events',
  summary: 'Lists what changed of an event, and when',
  description:
    'From the journal of the archive: what feeds said of the event, online or not, from its first feed on. A change is here once it is in the archive, which may be seconds before the catalogue has it.',
  pathParameters: idParameters,
  query: historyQuery,
  answers: {
    200: {
      description: 'A page of changes.',
      headers: ['ETag', 'Cache-Control', catalogueHeader, 'Content-Encoding'],
      content: {
        'application/json': {
          schema: historyAnswer,
          example: {
            data: { id: eventExample.id, changes: [changeExample], next_cursor: null },
            error: null,
          },
        },
      },
    },
    304: {
      description: '`If-None-Match` names the `ETag`: the page is the same as before.',
      headers: ['ETag', 'Cache-Control', catalogueHeader],
    },
  },
  errors: ofOneEvent,
} as const satisfies Operation;
