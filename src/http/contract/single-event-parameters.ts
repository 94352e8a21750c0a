// The parameters of single events: their ids, and which fields of them an answer has.

import * as z from 'zod';
import { eventFields } from '#/search/by-id/fields.ts';
import { fieldsAmong } from './event-parameters.ts';
import { eventExample } from './schemas.ts';

export const idParameters = z.object({
  id: z.uuid().meta({
    description: 'The id of an event, as answers have it; the case of its letters does not matter.',
    example: eventExample.id,
  }),
});

export const eventQuery = z.object({ fields: fieldsAmong(eventFields) });

export const idsMax = 500;

export const lookupBody = z
  .strictObject({
    ids: z
      .array(z.string())
      .min(1)
      .max(idsMax)
      .meta({
        description: 'Ids of events. An id that comes twice counts once.',
        example: [eventExample.id],
      }),
  })
  .meta({ id: 'Lookup' });
