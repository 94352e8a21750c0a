// The bodies that several operations of the admin port share.

import * as z from 'zod';

export const count = z.int().min(0);
export const milliseconds = count.meta({ description: 'Milliseconds since 1970.' });
export const version = z.int().min(1).meta({ description: 'A version of the catalogue.' });

export const place = z
  .object({
    offset: count.meta({ description: 'Bytes before it.' }),
    line: z.int().min(1),
    column: z.int().min(1),
  })
  .meta({ id: 'Place', description: 'A place in the body that was read.' });

export const finding = z
  .object({
    code: z.string().meta({ description: 'Stable, for example `date_impossible`.' }),
    severity: z.enum(['error', 'warning']),
    times: z.int().min(1),
    message: z.string().meta({ description: 'Of the first occurrence, as the place and the ids are.' }),
    place: place.nullable(),
    baseId: z.string().nullable(),
    planId: z.string().nullable(),
  })
  .meta({ id: 'Finding', description: 'What a run found wrong, with the number of times.' });

export const run = z
  .object({
    id: z.int().min(1),
    provider: z.string(),
    startedAt: milliseconds,
    endedAt: milliseconds.nullable().meta({ description: 'Null while it runs, or when its process exited.' }),
    outcome: z.enum(['absorbed', 'unchanged', 'incomplete', 'failed']).nullable().meta({
      description:
        'absorbed: something was new. unchanged: nothing was. incomplete: some records were taken, not all could be read. failed: none could.',
    }),
    code: z.string().nullable().meta({ description: 'Why it is incomplete or failed.' }),
    message: z.string().nullable(),
    counts: z
      .record(z.string(), count)
      .meta({ description: 'By what was counted: records, added, changed, …' }),
    findings: z.array(finding),
  })
  .meta({ id: 'Run', description: 'One fetch of a feed, and its outcome.' });

export const runExample = {
  id: 7,
  provider: 'north',
  startedAt: 1_790_000_000_000,
  endedAt: 1_790_000_000_412,
  outcome: 'absorbed',
  code: null,
  message: null,
  counts: { records: 130, added: 2, quarantined: 1 },
  findings: [
    {
      code: 'date_impossible',
      severity: 'error',
      times: 1,
      message: 'Got "2031-02-30", expected a day that exists in the calendar.',
      place: { offset: 412, line: 9, column: 3 },
      baseId: '900',
      planId: '2',
    },
  ],
} as const;

export const held = z.object({ runId: z.int().min(1), events: count, reason: z.string() }).meta({
  id: 'HeldWithdrawals',
  description: 'Withdrawals, or changed values, that wait for the approval of an operator.',
});

export const heldExample = {
  runId: 7,
  events: 110,
  reason: '110 of 130 events are missing, which is more than 50 percent',
};

export const provider = z
  .object({
    lastRun: run.nullable(),
    quarantined: count.meta({ description: 'The number of events that are in quarantine.' }),
    held: held.nullable(),
    poll: z
      .object({
        breaker: z.enum(['closed', 'open', 'half open']),
        failures: count.meta({ description: 'Runs in a row that were cut or failed.' }),
        nextRunAt: milliseconds.nullable().meta({ description: 'Null during a run.' }),
      })
      .nullable()
      .meta({ description: 'The schedule, on the host that leads.' }),
    ask: z.string().optional().meta({ description: 'The host that knows the state of the provider.' }),
  })
  .meta({ id: 'Provider' });

export const providers = z
  .record(z.string(), provider)
  .meta({ id: 'Providers', description: 'By the name of the provider.' });

export const providerExample = {
  lastRun: runExample,
  quarantined: 1,
  held: null,
  poll: { breaker: 'closed', failures: 0, nextRunAt: 1_790_000_030_000 },
};

const description = 'The newest rows, at most this many.';
export const limitQuery = z.object({
  limit: z
    .string()
    .optional()
    .meta({
      override: { type: 'integer', minimum: 1, maximum: 1000, default: 50 },
      description,
      example: 50,
    }),
});

export const namePath = z.object({
  name: z.string().meta({ description: 'The name of the provider.', example: 'north' }),
});
