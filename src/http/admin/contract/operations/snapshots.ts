import * as z from 'zod';
import { actionErrors } from '#/http/admin/contract/errors.ts';
import type { AdminOperation } from '#/http/admin/contract/operation.ts';
import { adminRoutes } from '#/http/admin/contract/routes.ts';
import { count, limitQuery, milliseconds, version } from '#/http/admin/contract/schemas.ts';
import { eventExample } from '#/http/contract/schemas.ts';
import { diffCursor } from '#/http/inspection/parameters.ts';
import { versionDiff } from '#/http/inspection/schemas.ts';

const versionText = (description: string, example: number) =>
  z.string().meta({ override: { type: 'integer', minimum: 1 }, description, example });

export const listSnapshots = {
  ...adminRoutes.listSnapshots,
  tag: 'Snapshots',
  summary: 'Lists the versions that are kept',
  description: 'The newest first, and the one that is pinned.',
  query: limitQuery,
  answers: {
    200: {
      description: 'The versions.',
      content: {
        'application/json': {
          schema: z.object({
            about: z.literal('snapshots'),
            snapshots: z.array(
              z
                .object({
                  version,
                  seq: count.meta({ description: 'The newest entry of the journal that it contains.' }),
                  at: milliseconds,
                  events: count,
                })
                .meta({ id: 'Snapshot' }),
            ),
            pinned: version.nullable(),
          }),
          example: {
            about: 'snapshots',
            snapshots: [{ version: 42, seq: 1204, at: 1_790_000_000_412, events: 130 }],
            pinned: null,
          },
        },
      },
    },
  },
  errors: ['limit_invalid', 'ingest_unavailable'],
} as const satisfies AdminOperation;

export const compareSnapshots = {
  ...adminRoutes.compareSnapshots,
  tag: 'Snapshots',
  summary: 'Compares two versions',
  description:
    'The events that were added, changed and removed between them: a page has at most `limit` of each kind, and the counts of all.',
  pathParameters: z.object({
    from: versionText('The version before.', 41),
    to: versionText('The version after.', 42),
  }),
  query: limitQuery.extend({ cursor: diffCursor }),
  answers: {
    200: {
      description: 'What differs.',
      content: {
        'application/json': {
          schema: versionDiff,
          example: {
            about: 'diff',
            from: 41,
            to: 42,
            added: [],
            changed: [
              {
                before: { ...eventExample, title: 'The Tram' },
                after: { ...eventExample },
                fields: ['title'],
              },
            ],
            removed: [],
            counts: { added: 0, changed: 1, removed: 0 },
            next_cursor: null,
          },
        },
      },
    },
  },
  errors: [
    'limit_invalid',
    'version_invalid',
    'version_unknown',
    'cursor_invalid',
    'diff_too_large',
    'snapshot_unreadable',
    'ingest_unavailable',
  ],
} as const satisfies AdminOperation;

const pinned = (about: 'pin' | 'unpin', example: number | null) =>
  ({
    'application/json': {
      schema: z.object({ about: z.literal(about), pinned: version.nullable() }),
      example: { about, pinned: example },
    },
  }) as const;

export const pinSnapshot = {
  ...adminRoutes.pinSnapshot,
  tag: 'Snapshots',
  summary: 'Pins a version',
  description: 'Every host serves it until it is unpinned. Newer versions are published, and wait.',
  pathParameters: z.object({ version: versionText('The version.', 41) }),
  answers: { 200: { description: 'It is pinned.', content: pinned('pin', 41) } },
  errors: [
    'version_invalid',
    'version_unknown',
    'snapshot_unreadable',
    'ingest_unavailable',
    ...actionErrors,
  ],
} as const satisfies AdminOperation;

export const unpinSnapshot = {
  ...adminRoutes.unpinSnapshot,
  tag: 'Snapshots',
  summary: 'Unpins the version',
  description: 'Every host serves the newest version again. Succeeds when no version is pinned.',
  answers: { 200: { description: 'No version is pinned.', content: pinned('unpin', null) } },
  errors: ['ingest_unavailable', ...actionErrors],
} as const satisfies AdminOperation;

const heldPublish = z
  .object({
    version,
    madeBy: z.string().nullable().meta({ description: 'The archive that published it.' }),
    archive: z.string().meta({ description: 'This archive.' }),
    missing: count.meta({ description: 'Published events that this archive does not have.' }),
    examples: z.array(z.string()).meta({ description: 'Some of their ids.' }),
  })
  .meta({ id: 'HeldPublish', description: 'A publish that waits for an operator.' });

export const approvePublish = {
  ...adminRoutes.approvePublish,
  tag: 'Snapshots',
  summary: 'Approves the held publish',
  description:
    'Publishes from this archive, although published events are missing in it: they leave the catalogue. Only the host that leads holds a publish.',
  answers: {
    200: {
      description: 'It is approved.',
      content: {
        'application/json': {
          schema: z.object({ approved: heldPublish }),
          example: {
            approved: { version: 41, madeBy: 'a1', archive: 'b2', missing: 3, examples: [eventExample.id] },
          },
        },
      },
    },
  },
  errors: ['nothing_held', 'ingest_unavailable', ...actionErrors],
} as const satisfies AdminOperation;
