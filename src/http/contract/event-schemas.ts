// What answers say of an event, for lists and for single events.

import * as z from 'zod';
import { statuses } from '#/domain/event.ts';
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
  status: 'scheduled' as const,
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
  status: z.enum(statuses).nullable().meta({
    description:
      'Whether it takes place as planned, as its feed says now. `postponed`: a new date is not known; `rescheduled`: its times are the new ones. Null when its feed gives a status that cannot be read.',
  }),
});

/** Without `fields`, an answer has all of them. */
export const eventDetails = details.partial().meta({
  id: 'EventDetails',
  description: 'What lists say of an event: the fields that `fields` names, or all.',
  example: detailsExample,
});

export const oneEventExample = {
  ...detailsExample,
  zones: [{ id: '40', name: 'Platea', price: 55, capacity: 240, numbered: true }],
  first_seen_at: '2021-01-01T10:00:00.000Z',
  last_seen_at: null,
  last_online_at: null,
};

/** With milliseconds. */
const runInstant = (description: string) =>
  z
    .string()
    .regex(new RegExp(String.raw`${year}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`))
    .meta({ description });

const zone = z
  .object({
    id: z.string().nullable().meta({ description: 'The provider’s id of the zone.' }),
    name: z.string().nullable().meta({ description: 'As the provider wrote it.' }),
    price: z.number().meta({ description: 'The price of a place.' }),
    capacity: z.int().nonnegative().nullable().meta({ description: 'Its places.' }),
    numbered: z.boolean().nullable().meta({ description: 'Whether its places are numbered.' }),
  })
  .meta({ id: 'Zone', description: 'Fields are null where the feed does not say.' });

/** The same for `fields`. */
export const oneEvent = details
  .extend({
    zones: z
      .array(zone)
      .nullable()
      .meta({ description: 'As its feed says now; null when that is not known.' }),
    first_seen_at: runInstant('When the feed run began that first had it.'),
    last_seen_at: runInstant(
      'Null while it is listed; otherwise when the feed run began that found it withdrawn.',
    ).nullable(),
    last_online_at: runInstant(
      'Null while it is listed and online; otherwise when the feed run began that found it offline or withdrawn.',
    ).nullable(),
  })
  .partial()
  .meta({
    id: 'SingleEvent',
    description: 'All of an event: the fields that `fields` names, or all.',
    example: oneEventExample,
  });

const stateFields = oneEvent
  .pick({
    title: true,
    start_date: true,
    start_time: true,
    end_date: true,
    end_time: true,
    min_price: true,
    max_price: true,
    starts_at: true,
    ends_at: true,
    sell_mode: true,
    sell_from: true,
    sell_to: true,
    sold_out: true,
    capacity: true,
    listed: true,
    status: true,
    zones: true,
  })
  .meta({
    id: 'EventState',
    description: 'What the feed said: the fields that changed, or all of a new event.',
  });

export const changeExample = {
  at: '2021-01-02T10:00:00.000Z',
  run: 1441,
  kind: 'changed' as const,
  before: { title: 'The Night Tram', sold_out: false },
  after: { title: 'The Last Night Tram', sold_out: true },
};

export const eventChange = z
  .object({
    at: runInstant('When the feed run began that found the change.'),
    run: z.int().positive().meta({ description: 'The number of that run.' }),
    kind: z.enum(['added', 'changed', 'relisted', 'withdrawn']).meta({
      description:
        '`relisted`: the feed has it again, as it was; `withdrawn`: a complete feed no longer has it.',
    }),
    before: stateFields.nullable().meta({ description: 'Null when the event was new.' }),
    after: stateFields,
  })
  .meta({ id: 'EventChange', example: changeExample });
