// The bodies of answers.

import * as z from 'zod';

// Patterns instead of the formats `date` and `time`: validators read `time` as a time with an offset.
const date = z.string().regex(/^\d{4}-\d\d-\d\d$/);
const time = z.string().regex(/^\d\d:\d\d:\d\d$/);

export const eventExample = {
  id: '8b6d3a0e-6d53-5a3e-9d1c-0a8f2f6f3a11',
  title: 'The Night Tram',
  start_date: '2021-02-10',
  start_time: '20:00:00',
  end_date: '2021-02-10',
  end_time: '21:30:00',
  min_price: 55,
  max_price: 55,
};

export const eventSummary = z
  .object({
    id: z.uuid().meta({ description: 'Identifies the event, permanently for its provider, base and plan.' }),
    title: z.string().meta({ description: 'As the provider wrote it.' }),
    start_date: date.meta({ description: 'The day on which it starts, in local time.' }),
    start_time: time.nullable().meta({ description: 'The time at which it starts, in local time.' }),
    end_date: date.nullable().meta({ description: 'The day on which it ends, in local time.' }),
    end_time: time.nullable().meta({ description: 'The time at which it ends, in local time.' }),
    min_price: z
      .number()
      .nullable()
      .meta({ description: 'The lowest price of its zones; null if no zone counts.' }),
    max_price: z
      .number()
      .nullable()
      .meta({ description: 'The highest price of its zones; null if no zone counts.' }),
  })
  .meta({ id: 'EventSummary', description: 'What the search says of an event.', example: eventExample });

/** The envelope of a successful answer. */
export const answered = <Data extends z.ZodType>(data: Data) => z.object({ data, error: z.null() });

export const eventList = answered(
  z
    .object({ events: z.array(eventSummary).meta({ description: 'By start, then by id; may be empty.' }) })
    .meta({ id: 'EventList' }),
).meta({ id: 'Events' });

/** The body of an error with one of these codes. */
export const failedOf = (codes: readonly string[]) =>
  z
    .object({
      data: z.null(),
      error: z.object({
        code: z.enum(codes).meta({ id: 'ErrorCode', description: 'Stable, for programs.' }),
        message: z.string().meta({ description: 'For people: what was received and what was expected.' }),
      }),
    })
    .meta({ id: 'Error', description: 'The body of every error.' });
