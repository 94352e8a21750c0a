import * as z from 'zod';
import { actionErrors } from '#/http/admin/contract/errors.ts';
import type { AdminOperation } from '#/http/admin/contract/operation.ts';
import { adminRoutes } from '#/http/admin/contract/routes.ts';
import { count, providerExample, providers } from '#/http/admin/contract/schemas.ts';

const processFields = {
  pid: z.int().nullable().meta({ description: 'Null while no process runs.' }),
  ready: z.boolean(),
  restarts: count,
  degraded: z.boolean().meta({ description: 'It is in a crash loop.' }),
  overLimit: z.enum(['memory', 'loop']).nullable(),
  limits: z
    .object({ memoryMegabytes: z.number(), loopDelayMs: z.number() })
    .meta({ description: '0: no limit.' }),
  rssMegabytes: count.nullable(),
  loopDelayMs: count.nullable(),
  troubles: z
    .record(z.string(), z.string())
    .meta({ description: 'What blocks the process, by its source: a message.' }),
};

const processExample = {
  pid: 4711,
  ready: true,
  restarts: 0,
  degraded: false,
  overLimit: null,
  limits: { memoryMegabytes: 1024, loopDelayMs: 500 },
  rssMegabytes: 96,
  loopDelayMs: 1,
  troubles: {},
};

const status = z
  .object({
    state: z
      .enum(['running', 'degraded', 'reloading', 'stopping'])
      .meta({ description: 'degraded: at least one process is in a crash loop.' }),
    version: count.meta({ description: 'The newest version that a worker serves; 0 for none.' }),
    events: count,
    segments: count,
    ageSeconds: count.nullable().meta({ description: 'Since a worker loaded that version.' }),
    announced: count.nullable().meta({ description: 'The version that ingest announced last.' }),
    pinned: z.boolean(),
    stale: z.boolean().meta({ description: 'The snapshot store is out of reach: the catalogue may be old.' }),
    ready: z.boolean(),
    connectionsMax: count.meta({ description: 'Of each API worker.' }),
    uptimeSeconds: count,
    workers: z.array(
      z
        .object({
          slot: count,
          ...processFields,
          version: count.nullable(),
          stale: z.boolean(),
          refusals: count.meta({ description: 'Snapshots that failed a check.' }),
          refusedRequests: count.meta({ description: 'Requests that it refused because it was overloaded.' }),
        })
        .meta({ id: 'ApiWorker' }),
    ),
    ingest: z.object(processFields).nullable().meta({ description: 'Null where ROLES has no ingest.' }),
    leader: z
      .object({
        host: z.string(),
        admin: z.string().nullable().meta({ description: 'The address of its admin port.' }),
        here: z.boolean().meta({ description: 'This host leads.' }),
      })
      .nullable()
      .meta({ description: 'Null when no host leads.' }),
    providers,
  })
  .meta({ id: 'Status' });

export const getStatus = {
  ...adminRoutes.getStatus,
  tag: 'Host',
  summary: 'Returns the state of this host',
  description: 'From the own state of the supervisor: it answers even when every other process hangs.',
  answers: {
    200: {
      description: 'The state.',
      content: {
        'application/json': {
          schema: status,
          example: {
            state: 'running',
            version: 42,
            events: 130,
            segments: 3,
            ageSeconds: 12,
            announced: 42,
            pinned: false,
            stale: false,
            ready: true,
            connectionsMax: 10_000,
            uptimeSeconds: 600,
            workers: [
              {
                slot: 0,
                ...processExample,
                version: 42,
                stale: false,
                refusals: 0,
                refusedRequests: 0,
              },
            ],
            ingest: processExample,
            leader: { host: 'alpha', admin: '10.0.0.7:9000', here: true },
            providers: { north: providerExample },
          },
        },
      },
    },
  },
  errors: [],
} as const satisfies AdminOperation;

export const reload = {
  ...adminRoutes.reload,
  tag: 'Host',
  summary: 'Applies a changed configuration',
  description:
    'Reads the configuration again, and replaces the processes of this host one after the other. No request is lost.',
  answers: {
    200: {
      description: 'It is applied.',
      content: {
        'application/json': {
          schema: z.object({ kind: z.literal('reloaded'), workers: count, tookMs: count }),
          example: { kind: 'reloaded', workers: 2, tookMs: 1840 },
        },
      },
    },
  },
  errors: ['configuration_invalid', 'reload_busy', 'reload_aborted', ...actionErrors],
} as const satisfies AdminOperation;
