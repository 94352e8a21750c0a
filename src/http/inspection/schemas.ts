// The answers of the operations that inspect the catalogue and the archive.

import * as z from 'zod';
import { verdicts } from '#/domain/inspection.ts';

const instant = z.iso.datetime().meta({ description: 'An instant in UTC.' });
const count = z.int().min(0);
const cursor = z.string().nullable().meta({ description: 'For the next page; null on the last one.' });
const verdict = z.enum(verdicts);
const fields = z.record(z.string(), z.unknown());

const refusedPart = z.strictObject({
  provider: z.string(),
  base_id: z.string().nullable(),
  plan_id: z.string().nullable(),
  code: z.string(),
  message: z.string(),
  run: count.meta({ description: 'The run that refused it last.' }),
  line: count,
  column: count,
  offset: count,
  first_seen_at: instant,
  last_seen_at: instant,
  times: count,
});

export const explanation = z.strictObject({
  verdict,
  message: z.string(),
  found: z.boolean(),
  also: z.array(z.strictObject({ code: verdict, message: z.string() })),
  id: z.string(),
  event: fields
    .nullable()
    .meta({ description: 'What the feed reported last; null when the archive has none.' }),
  range: z.strictObject({
    starts_at: z.string().nullable(),
    ends_at: z.string().nullable(),
    starts_at_local: z.string().nullable(),
    ends_at_local: z.string().nullable(),
    time_zone: z.string(),
  }),
  missed: z.array(
    z.strictObject({
      bound: z.enum(['starts_at', 'ends_at']),
      asked: z.string(),
      asked_local: z.string(),
      event: z.string(),
      event_local: z.string(),
      seconds: count,
      message: z.string(),
    }),
  ),
  served: z
    .strictObject({ version: count, newest: count, pinned: z.boolean(), event: fields.nullable() })
    .nullable(),
  quarantine: z.array(refusedPart),
  held: z
    .strictObject({ run: count, events: count, reason: z.string() })
    .nullable()
    .meta({ description: 'The held withdrawals that the event is a part of.' }),
  held_values: z
    .array(
      z.strictObject({
        provider: z.string(),
        run: count.meta({ description: 'The run that was held last.' }),
        read_at: instant.nullable().meta({ description: 'When it began; null when its row is gone.' }),
        records: count.meta({ description: 'How many have other values.' }),
        approved: z.boolean(),
        reason: z.string(),
      }),
    )
    .meta({
      description:
        'Feeds that are held for their prices or dates and may have the event, at most 20: of its provider, or of any for an id that is not known.',
    }),
});

export const eventHistory = z.strictObject({
  id: z.string(),
  provider: z.string(),
  base_id: z.string(),
  plan_id: z.string(),
  listing: z.enum(['listed', 'missing', 'withdrawn']),
  searchable: z.boolean().meta({ description: 'False for an event that was never online.' }),
  changes: z.array(
    z.strictObject({
      seq: count,
      at: instant,
      run: count,
      kind: z.enum(['added', 'changed', 'relisted', 'withdrawn']),
      version: count
        .nullable()
        .meta({ description: 'The first version with the change; null when none was published since.' }),
      published_at: instant.nullable(),
      before: fields.nullable().meta({ description: 'The fields that differ, before the change.' }),
      after: fields,
    }),
  ),
  next_cursor: cursor,
});

const shares = z.record(z.string(), z.strictObject({ events: count, bytes: count }));

export const versionSizes = z.strictObject({
  version: count,
  events: count,
  bytes: count,
  segment_count: count,
  providers: shares.meta({ description: 'Bytes of the texts of answers, of the counted segments.' }),
  counted_segments: count.meta({
    description: 'Fewer than `segment_count`: repeat the request to count the others.',
  }),
  segments: z.array(
    z.strictObject({
      key: z.string(),
      hash: z.string(),
      events: count,
      bytes: count,
      first_starts_at: z.string(),
      last_starts_at: z.string(),
      providers: shares.nullable(),
    }),
  ),
  next_cursor: cursor,
});

const heldEvent = z.strictObject({
  id: z.string(),
  base_id: z.string(),
  plan_id: z.string(),
  title: z.string(),
  start_date: z.string(),
  start_time: z.string().nullable(),
  end_date: z.string().nullable(),
  end_time: z.string().nullable(),
  starts_at: z.string(),
  ends_at: z.string(),
  listing: z.enum(['listed', 'missing']),
  searchable: z.boolean(),
});

export const heldWithdrawals = z.strictObject({
  held: z.strictObject({ run: count, events: count, reason: z.string() }).nullable(),
  time_zone: z.string().optional(),
  events: z.array(heldEvent),
  next_cursor: cursor,
});

export const bodyExcerpt = z.strictObject({
  provider: z.string(),
  run: count.nullable(),
  exact: z.boolean().meta({
    description: 'False: the body of that run is not kept, and this is the last one before it.',
  }),
  fetched_at: instant,
  bytes: count,
  line: count,
  column: count,
  lines: z.array(z.strictObject({ line: count, text: z.string(), from: count, cut: z.boolean() })),
  marked: z.string().meta({ description: 'The line with a caret below the column.' }),
});

export const askedDays = z.strictObject({
  workers: count,
  silent: count.meta({ description: 'Workers that did not answer in time.' }),
  since: instant.nullable().meta({ description: 'When the oldest of the workers began to count.' }),
  searches: count,
  wide: count.meta({ description: 'Of more than 366 days, or with an open bound: not counted by day.' }),
  outside: count.meta({ description: 'With a bound outside the days that are counted.' }),
  days: z.array(z.strictObject({ day: z.iso.date(), searches: count })),
});

export const versionDiff = z.strictObject({
  about: z.literal('diff'),
  from: count,
  to: count,
  added: z.array(fields),
  changed: z.array(z.strictObject({ before: fields, after: fields, fields: z.array(z.string()) })),
  removed: z.array(fields),
  counts: z.strictObject({ added: count, changed: count, removed: count }),
  next_cursor: cursor,
});
