// What answers say of an event, for lists and for single events.

import * as z from 'zod';
import { eventExample, eventSummary } from './schemas.ts';

export const year = String.raw`^(?:\d{4}|[+-]\d{6})`;
export const instant = (description: string) =>
  z
    .string()
    .regex(new RegExp(String.raw`${year}-\d\d-\d\dT\d\d:\d\d:\d\dZ$`))
    .meta({ description });
const wallClock = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
export const count = (description: string) => z.int().nonnegative().meta({ description });

export const detailsExample = {
  ...eventExample,
  starts_at: '2021-02-10T19:00:00Z',
  ends_at: '2021-02-10T20:30:00Z',
  time_zone: 'Europe/Madrid',
  provider: 'fever',
  base_id: '291',
  plan_id: '1642',
  sell_mode: 'online' as const,
  sell_from: '2021-01-01T00:00:00',
  sell_to: null,
  sold_out: false,
  capacity: 240,
  listed: true,
};

const details = eventSummary.extend({
  starts_at: instant('When it starts, in UTC.'),
  ends_at: instant('When it ends, in UTC.'),
  time_zone: z.string().meta({ description: 'The IANA time zone of its local times.' }),
  provider: z.string().meta({ description: 'The provider that lists it.' }),
  base_id: z.string().meta({ description: 'The provider’s id of its base.' }),
  plan_id: z.string().meta({ description: 'The provider’s id of its plan.' }),
  sell_mode: z.enum(['online', 'offline']).meta({ description: 'What its feed says now.' }),
  sell_from: wallClock.nullable().meta({ description: 'When its sale begins, in local time.' }),
  sell_to: wallClock.nullable().meta({ description: 'When its sale ends, in local time.' }),
  sold_out: z.boolean().nullable().meta({ description: 'Null when its feed does not say.' }),
  capacity: z
    .int()
    .nonnegative()
    .nullable()
    .meta({ description: 'The places in all zones that give theirs; null when none does.' }),
  listed: z.boolean().meta({ description: 'False once a complete feed no longer has it.' }),
});

/** Without `fields`, an answer has all of them. */
export const eventDetails = details.partial().meta({
  id: 'EventDetails',
  description: 'What lists say of an event: the fields that `fields` names, or all.',
  example: detailsExample,
});
