import * as z from 'zod';
import { profileSeconds } from '#/http/admin/profile.ts';
import { actionErrors } from '#/http/admin/contract/errors.ts';
import type { AdminOperation } from '#/http/admin/contract/operation.ts';
import { adminRoutes } from '#/http/admin/contract/routes.ts';

const node = z.looseObject({
  id: z.int(),
  callFrame: z.object({
    functionName: z.string(),
    scriptId: z.string(),
    url: z.string(),
    lineNumber: z.int(),
    columnNumber: z.int(),
  }),
  hitCount: z.int().optional(),
  children: z.array(z.int()).optional(),
});

const profile = z
  .object({
    nodes: z.array(node),
    startTime: z.number(),
    endTime: z.number(),
    samples: z.array(z.int()),
    timeDeltas: z.array(z.int()),
  })
  .meta({
    id: 'CpuProfile',
    description: 'Profiler.Profile of the Chrome DevTools Protocol; times in microseconds.',
  });

export const takeProfile = {
  ...adminRoutes.takeProfile,
  tag: 'Host',
  summary: 'Takes a CPU profile of a process of this host',
  description:
    'Answers when the profile has ended. The process works on, some percent slower. Save the answer as `NAME.cpuprofile` for DevTools or speedscope. The host keeps the file in `DATA_DIR/diagnostics`, among its newest ten. The profile names functions and files, and no values.',
  query: z.object({
    slot: z
      .string()
      .regex(/^(\d{1,4}|ingest)$/)
      .optional()
      .meta({ description: 'The number of an API worker, or `ingest`; 0 when it is missing.', example: '0' }),
    seconds: z
      .string()
      .optional()
      .meta({
        description: 'How long.',
        override: { type: 'integer', minimum: 1, maximum: profileSeconds.max, default: profileSeconds.usual },
        example: 1,
      }),
  }),
  answers: {
    200: {
      description: 'The profile.',
      content: {
        'application/json': {
          schema: profile,
          example: {
            nodes: [
              {
                id: 1,
                callFrame: {
                  functionName: '(root)',
                  scriptId: '0',
                  url: '',
                  lineNumber: -1,
                  columnNumber: -1,
                },
                hitCount: 0,
              },
            ],
            startTime: 8_642_000_000,
            endTime: 8_647_000_000,
            samples: [1],
            timeDeltas: [1250],
          },
        },
      },
    },
  },
  errors: ['parameter_invalid', 'process_unknown', 'profile_busy', 'profile_failed', ...actionErrors],
} as const satisfies AdminOperation;
