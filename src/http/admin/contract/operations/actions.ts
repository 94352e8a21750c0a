import * as z from 'zod';
import type { AdminOperation } from '#/http/admin/contract/operation.ts';
import { adminRoutes } from '#/http/admin/contract/routes.ts';
import { count, limitQuery } from '#/http/admin/contract/schemas.ts';

const action = z
  .object({
    at: z
      .string()
      .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
      .meta({ description: 'When it ended.' }),
    by: z.string().meta({ description: 'The name of the credential; `no credential` where none is needed.' }),
    from: z.string().meta({ description: 'The address that it came from.' }),
    method: z.string(),
    path: z.string(),
    status: count.meta({ description: 'Of the answer; 0 when the connection closed before.' }),
  })
  .meta({ id: 'Action', description: 'A request that changed something, or failed to.' });

export const listActions = {
  ...adminRoutes.listActions,
  tag: 'Actions',
  summary: 'Lists what operators did on this host',
  description: 'The newest first. Requests without a valid credential are not actions.',
  query: limitQuery,
  answers: {
    200: {
      description: 'The actions.',
      content: {
        'application/json': {
          schema: z.object({ actions: z.array(action) }),
          example: {
            actions: [
              {
                at: '2026-11-28T10:00:00.000Z',
                by: 'ADMIN_TOKEN',
                from: '127.0.0.1',
                method: 'POST',
                path: '/snapshots/41/pin',
                status: 200,
              },
            ],
          },
        },
      },
    },
  },
  errors: ['limit_invalid'],
} as const satisfies AdminOperation;
