import type { AdminOperation } from '#/http/admin/contract/operation.ts';
import { adminRoutes } from '#/http/admin/contract/routes.ts';
import { heldExample } from '#/http/admin/contract/schemas.ts';
import { eventExample } from '#/http/contract/schemas.ts';
import { excerptParameters, heldParameters } from '#/http/inspection/parameters.ts';
import { bodyExcerpt, heldWithdrawals } from '#/http/inspection/schemas.ts';

export const listHeldWithdrawals = {
  ...adminRoutes.listHeldWithdrawals,
  tag: 'Providers',
  summary: 'Lists the events that an approval would withdraw',
  description: 'In the order of their keys in the archive; empty when no withdrawals are held.',
  pathParameters: heldParameters.pick({ name: true }),
  query: heldParameters.omit({ name: true }),
  answers: {
    200: {
      description: 'The events.',
      content: {
        'application/json': {
          schema: heldWithdrawals,
          example: {
            held: { run: heldExample.runId, events: heldExample.events, reason: heldExample.reason },
            time_zone: 'Europe/Madrid',
            events: [
              {
                id: eventExample.id,
                base_id: '900',
                plan_id: '1',
                title: 'The Tram',
                start_date: '2026-06-30',
                start_time: '20:00:00',
                end_date: '2026-06-30',
                end_time: '21:30:00',
                starts_at: '2026-06-30T18:00:00Z',
                ends_at: '2026-06-30T19:30:00Z',
                listing: 'listed',
                searchable: true,
              },
            ],
            next_cursor: null,
          },
        },
      },
    },
  },
  errors: ['parameter_invalid', 'provider_unknown', 'archive_unavailable', 'ingest_unavailable'],
} as const satisfies AdminOperation;

export const getExcerpt = {
  ...adminRoutes.getExcerpt,
  tag: 'Providers',
  summary: 'Returns the lines of a kept feed around a place',
  description: 'For the place of a finding or of a row of the quarantine: two lines on each side.',
  pathParameters: excerptParameters.pick({ name: true }),
  query: excerptParameters.omit({ name: true }),
  answers: {
    200: {
      description: 'The lines.',
      content: {
        'application/json': {
          schema: bodyExcerpt,
          example: {
            provider: 'north',
            run: 7,
            exact: true,
            fetched_at: '2026-11-28T10:00:00Z',
            bytes: 412_000,
            line: 9,
            column: 3,
            lines: [{ line: 9, text: '  <plan plan_id="2">', from: 1, cut: false }],
            marked: '  <plan plan_id="2">\n  ^',
          },
        },
      },
    },
  },
  errors: ['parameter_invalid', 'provider_unknown', 'body_not_kept', 'place_not_found', 'ingest_unavailable'],
} as const satisfies AdminOperation;
