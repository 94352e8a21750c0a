import * as z from 'zod';
import { actionErrors } from '#/http/admin/contract/errors.ts';
import type { AdminOperation } from '#/http/admin/contract/operation.ts';
import { adminRoutes } from '#/http/admin/contract/routes.ts';
import {
  count,
  held,
  heldExample,
  limitQuery,
  milliseconds,
  namePath,
  providerExample,
  providers,
  run,
  runExample,
} from '#/http/admin/contract/schemas.ts';

export const listProviders = {
  ...adminRoutes.listProviders,
  tag: 'Providers',
  summary: 'Lists the providers',
  description: 'Of each, the last run, the size of its quarantine, held withdrawals, and its schedule.',
  answers: {
    200: {
      description: 'The providers.',
      content: { 'application/json': { schema: providers, example: { north: providerExample } } },
    },
  },
  errors: [],
} as const satisfies AdminOperation;

export const listRuns = {
  ...adminRoutes.listRuns,
  tag: 'Providers',
  summary: 'Lists the runs of a provider',
  description: 'The newest first, with their counts and findings.',
  pathParameters: namePath,
  query: limitQuery,
  answers: {
    200: {
      description: 'The runs.',
      content: {
        'application/json': {
          schema: z.object({ about: z.literal('runs'), runs: z.array(run) }),
          example: { about: 'runs', runs: [runExample] },
        },
      },
    },
  },
  errors: ['limit_invalid', 'provider_unknown', 'ingest_unavailable'],
} as const satisfies AdminOperation;

const quarantined = z
  .object({
    baseId: z.string().nullable(),
    planId: z.string().nullable(),
    code: z.string(),
    message: z.string(),
    offset: count,
    line: count,
    column: count,
    firstSeenAt: milliseconds,
    lastSeenAt: milliseconds,
    runId: z.int().min(1).meta({ description: 'The run that refused it last.' }),
    times: count,
  })
  .meta({ id: 'Quarantined', description: 'A part of the feed that cannot be read.' });

export const listQuarantine = {
  ...adminRoutes.listQuarantine,
  tag: 'Providers',
  summary: 'Lists what cannot be read at present',
  description: 'The newest first: the reason, and the place in the last body that had it.',
  pathParameters: namePath,
  query: limitQuery,
  answers: {
    200: {
      description: 'The quarantine.',
      content: {
        'application/json': {
          schema: z.object({ about: z.literal('quarantine'), quarantine: z.array(quarantined) }),
          example: {
            about: 'quarantine',
            quarantine: [
              {
                baseId: '900',
                planId: '2',
                code: 'date_impossible',
                message: 'Got "2031-02-30", expected a day that exists in the calendar.',
                offset: 412,
                line: 9,
                column: 3,
                firstSeenAt: 1_790_000_000_000,
                lastSeenAt: 1_790_000_000_412,
                runId: 7,
                times: 3,
              },
            ],
          },
        },
      },
    },
  },
  errors: ['limit_invalid', 'provider_unknown', 'ingest_unavailable'],
} as const satisfies AdminOperation;

export const runProvider = {
  ...adminRoutes.runProvider,
  tag: 'Providers',
  summary: 'Runs a provider now',
  description:
    'Makes the next run of the provider due at once, also while its breaker is open or while it asks for a longer wait. Only the host that leads can do this.',
  pathParameters: namePath,
  answers: {
    202: {
      description: 'The run is due.',
      content: {
        'application/json': {
          schema: z.object({ provider: z.string(), run: z.literal('due') }),
          example: { provider: 'north', run: 'due' },
        },
      },
    },
  },
  errors: ['provider_unknown', 'run_active', 'not_leading', 'ingest_unavailable', ...actionErrors],
} as const satisfies AdminOperation;

export const approveWithdrawals = {
  ...adminRoutes.approveWithdrawals,
  tag: 'Providers',
  summary: 'Approves held withdrawals and values',
  description:
    'The next complete feed may then withdraw as many events as are held; it is fetched at once. The events stay searchable. If values are held, the next feed may change any of them, or all pages of an RPDE feed up to the last one.',
  pathParameters: namePath,
  answers: {
    200: {
      description: 'What was held is approved.',
      content: {
        'application/json': { schema: z.object({ approved: held }), example: { approved: heldExample } },
      },
    },
  },
  errors: ['provider_unknown', 'nothing_held', 'ingest_unavailable', ...actionErrors],
} as const satisfies AdminOperation;
