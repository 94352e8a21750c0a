import type { AdminErrorCode } from '#/http/admin/contract/errors.ts';
import type { AdminOperation } from '#/http/admin/contract/operation.ts';
import { adminRoutes } from '#/http/admin/contract/routes.ts';
import { eventExample } from '#/http/contract/schemas.ts';
import { explainParameters, historyParameters, segmentsParameters } from '#/http/inspection/parameters.ts';
import { askedDays, eventHistory, explanation, versionSizes } from '#/http/inspection/schemas.ts';

const inspection = ['parameter_invalid', 'ingest_unavailable'] as const satisfies readonly AdminErrorCode[];
const ofArchive = [...inspection, 'archive_unavailable'] as const;
const ofRange = [
  'instant_unreadable',
  'date_impossible',
  'time_impossible',
  'parameter_repeated',
  'range_reversed',
  'escape_invalid',
] as const satisfies readonly AdminErrorCode[];

const times = {
  start_date: '2026-06-30',
  start_time: '20:00:00',
  end_date: '2026-07-01',
  end_time: '00:30:00',
} as const;
const instants = { starts_at: '2026-06-30T18:00:00Z', ends_at: '2026-06-30T22:30:00Z' } as const;
const since = '2026-11-28T10:00:00Z';

export const explainEvent = {
  ...adminRoutes.explainEvent,
  tag: 'Inspection',
  summary: 'Explains why a search finds an event, or does not',
  description:
    'Takes `id`, or `provider`, `base` and `plan`. `verdict` is the first reason that holds, `also` has the others.',
  query: explainParameters,
  answers: {
    200: {
      description: 'Why.',
      content: {
        'application/json': {
          schema: explanation,
          example: {
            verdict: 'outside_range',
            message: 'The event ends at 2026-06-30T22:30:00Z, 1 hour 30 minutes after ends_at.',
            found: false,
            also: [],
            id: eventExample.id,
            event: { provider: 'north', base_id: '900', plan_id: '1', title: 'The Tram', ...times },
            range: {
              starts_at: '2026-06-30T00:00:00Z',
              ends_at: '2026-06-30T21:00:00Z',
              starts_at_local: '2026-06-30T02:00:00',
              ends_at_local: '2026-06-30T23:00:00',
              time_zone: 'Europe/Madrid',
            },
            missed: [
              {
                bound: 'ends_at',
                asked: '2026-06-30T21:00:00Z',
                asked_local: '2026-06-30T23:00:00',
                event: instants.ends_at,
                event_local: '2026-07-01T00:30:00',
                seconds: 5400,
                message: 'The event ends at 2026-06-30T22:30:00Z, 1 hour 30 minutes after ends_at.',
              },
            ],
            served: { version: 42, newest: 42, pinned: false, event: { ...eventExample } },
            quarantine: [],
            held: null,
            held_values: [],
          },
        },
      },
    },
  },
  errors: [...ofArchive, ...ofRange, 'snapshot_unreadable'],
} as const satisfies AdminOperation;

export const listEventChanges = {
  ...adminRoutes.listEventChanges,
  tag: 'Inspection',
  summary: 'Lists the changes of an event',
  description:
    'The newest first, also of an event that was never online: what changed, in which run, and in which version it was published.',
  pathParameters: historyParameters.pick({ id: true }),
  query: historyParameters.omit({ id: true }),
  answers: {
    200: {
      description: 'The changes.',
      content: {
        'application/json': {
          schema: eventHistory,
          example: {
            id: eventExample.id,
            provider: 'north',
            base_id: '900',
            plan_id: '1',
            listing: 'listed',
            searchable: true,
            changes: [
              {
                seq: 1204,
                at: since,
                run: 7,
                kind: 'changed',
                version: 42,
                published_at: since,
                before: { title: 'The Tram' },
                after: { title: eventExample.title },
              },
            ],
            next_cursor: null,
          },
        },
      },
    },
  },
  errors: [...ofArchive, 'event_unknown'],
} as const satisfies AdminOperation;

export const listSegments = {
  ...adminRoutes.listSegments,
  tag: 'Inspection',
  summary: 'Lists the segments of a version',
  description: 'Bytes and events of each segment, and of each provider.',
  pathParameters: segmentsParameters.pick({ version: true }),
  query: segmentsParameters.omit({ version: true }),
  answers: {
    200: {
      description: 'The segments.',
      content: {
        'application/json': {
          schema: versionSizes,
          example: {
            version: 42,
            events: 130,
            bytes: 39_000,
            segment_count: 1,
            providers: { north: { events: 130, bytes: 33_800 } },
            counted_segments: 1,
            segments: [
              {
                key: '2026',
                hash: 'a'.repeat(64),
                events: 130,
                bytes: 39_000,
                first_starts_at: instants.starts_at,
                last_starts_at: instants.starts_at,
                providers: { north: { events: 130, bytes: 33_800 } },
              },
            ],
            next_cursor: null,
          },
        },
      },
    },
  },
  errors: [...inspection, 'version_unknown', 'snapshot_unreadable'],
} as const satisfies AdminOperation;

export const listAskedDays = {
  ...adminRoutes.listAskedDays,
  tag: 'Inspection',
  summary: 'Lists the days that searches asked for',
  description: 'Of the searches that the workers of this host have answered since they started; days in UTC.',
  answers: {
    200: {
      description: 'The days.',
      content: {
        'application/json': {
          schema: askedDays,
          example: {
            workers: 2,
            silent: 0,
            since,
            searches: 1204,
            wide: 4,
            outside: 0,
            days: [{ day: '2026-06-30', searches: 1200 }],
          },
        },
      },
    },
  },
  errors: ['ingest_unavailable'],
} as const satisfies AdminOperation;
