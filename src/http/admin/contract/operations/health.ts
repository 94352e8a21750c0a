import * as z from 'zod';
import { adminRoutes } from '#/http/admin/contract/routes.ts';
import type { AdminOperation } from '#/http/admin/contract/operation.ts';

const text = z.string();

export const getLiveness = {
  ...adminRoutes.getLiveness,
  tag: 'Health',
  summary: 'Returns that the supervisor runs',
  description: 'For liveness probes.',
  answers: {
    200: {
      description: 'It runs.',
      content: {
        'application/json': { schema: z.object({ live: z.literal(true) }), example: { live: true } },
      },
    },
  },
  errors: [],
} as const satisfies AdminOperation;

const readiness = (ready: boolean) =>
  ({
    'application/json': { schema: z.object({ ready: z.literal(ready) }), example: { ready } },
  }) as const;

export const getReadiness = {
  ...adminRoutes.getReadiness,
  tag: 'Health',
  summary: 'Returns whether this host can answer',
  description: 'For readiness probes and load balancers. A host without API workers is ready when ingest is.',
  answers: {
    200: { description: 'It can.', content: readiness(true) },
    503: { description: 'It cannot yet, or is stopping.', content: readiness(false) },
  },
  errors: [],
} as const satisfies AdminOperation;

export const getMetrics = {
  ...adminRoutes.getMetrics,
  tag: 'Health',
  summary: 'Returns the metrics of all processes',
  description: 'For Prometheus, in its text format, or in OpenMetrics where `Accept` names that.',
  answers: {
    200: {
      description: 'The metrics.',
      content: {
        'text/plain': { schema: text, example: 'process_start_time_seconds 1.75e9\n' },
        'application/openmetrics-text': {
          schema: text,
          example: 'process_start_time_seconds 1.75e9\n# EOF\n',
        },
      },
    },
  },
  errors: [],
} as const satisfies AdminOperation;
