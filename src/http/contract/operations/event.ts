import { catalogueHeader } from '#/http/catalogue-header.ts';
import { oneEvent, oneEventExample } from '#/http/contract/event-schemas.ts';
import type { Operation } from '#/http/contract/operation.ts';
import { routes } from '#/http/contract/routes.ts';
import { answered, eventExample } from '#/http/contract/schemas.ts';
import { eventQuery, idParameters, idsMax, lookupBody } from '#/http/contract/single-event-parameters.ts';
import * as z from 'zod';

const event = answered(z.object({ event: oneEvent }).meta({ id: 'OneEvent' })).meta({
  id: 'EventAnswer',
});

export const getEvent = {
  ...routes.getEvent,
  tag: 'Events',
  summary: 'Finds an event by its id',
  description:
    'An event that was ever on sale online is found, also after it has left its feed. Its zones and when it was seen are read from the snapshot store; answers without these fields come from memory.',
  pathParameters: idParameters,
  query: eventQuery,
  answers: {
    200: {
      description: 'The event.',
      headers: ['ETag', 'Cache-Control', catalogueHeader, 'Content-Encoding'],
      content: {
        'application/json': { schema: event, example: { data: { event: oneEventExample }, error: null } },
      },
    },
    304: {
      description: '`If-None-Match` names the `ETag`: the event is the same as before.',
      headers: ['ETag', 'Cache-Control', catalogueHeader],
    },
  },
  errors: [
    'id_invalid',
    'field_unknown',
    'parameter_repeated',
    'parameter_unknown',
    'parameter_invalid',
    'escape_invalid',
    'event_unknown',
    'precondition_failed',
    'details_unavailable',
    'zones_unavailable',
  ],
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
  query: eventQuery,
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
