// The parameters of single events: their ids, and which fields of them an answer has.

import * as z from 'zod';
import { eventFields } from '#/search/by-id/fields.ts';
import { fieldsAmong, whole } from './event-parameters.ts';
import { eventExample } from './schemas.ts';

export const idParameters = z.object({
  id: z.uuid().meta({
    description: 'The id of an event, as answers have it; the case of its letters does not matter.',
    example: eventExample.id,
  }),
});

const asOf = z.string().optional().meta({
  description:
    'A version of the catalogue, or an instant in the past as in `starts_at`; a date alone means its first instant. A version is available while the snapshot store keeps it, an instant as long as the archive exists.',
  example: '2026-01-01T00:00:00Z',
});

export const noQuery = z.object({});

export const fieldsQuery = z.object({ fields: fieldsAmong(eventFields) });

export const eventQuery = fieldsQuery.extend({ as_of: asOf });

export const changesDefault = 50;
export const changesMax = 200;

export const historyQuery = z.object({
  limit: whole(changesMax, `Changes on a page, ${changesDefault} if it is absent.`, 20),
  cursor: z
    .string()
    .regex(/^[1-9]\d{0,15}$/)
    .transform(Number)
    .optional()
    .meta({
      description: '`next_cursor` of the page before; the newest changes if it is absent.',
      override: { type: 'string' },
    }),
  as_of: asOf,
});

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
