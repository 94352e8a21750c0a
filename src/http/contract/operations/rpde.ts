import * as z from 'zod';
import { catalogueHeader } from '#/http/catalogue-header.ts';
import type { Operation } from '#/http/contract/operation.ts';
import { routes } from '#/http/contract/routes.ts';
import { detailsExample } from '#/http/contract/event-schemas.ts';
import { eventData } from '#/search/rpde/item.ts';
import { itemsDefault, itemsMax, kind } from '#/search/rpde/page.ts';
import { rpdeQuery } from './rpde-parameters.ts';

const common = {
  kind: z.literal(kind),
  id: z.uuid().meta({ description: 'The event.' }),
  modified: z.int().positive().meta({ description: 'The number of its latest change.' }),
};
const item = z
  .union([
    z.strictObject({
      state: z.literal('updated'),
      ...common,
      data: z.looseObject({}).meta({ description: 'An Event of schema.org as JSON-LD, with times in UTC.' }),
    }),
    z.strictObject({ state: z.literal('deleted'), ...common }),
  ])
  .meta({ id: 'RpdeItem' });

const page = z
  .strictObject({
    next: z
      .string()
      .meta({ description: 'The absolute URL of the next page; of the last page, its own URL.' }),
    items: z.array(item).meta({ description: 'By `modified`; each event once, at its latest change.' }),
    license: z.string().optional().meta({ description: 'The licence of the data: `RPDE_LICENSE`.' }),
  })
  .meta({ id: 'RpdePage' });

const changed = { kind, id: detailsExample.id, modified: 57 } as const;

export const listRpdeEvents = {
  ...routes.listRpdeEvents,
  tag: 'Changes',
  summary: 'Returns the catalogue as an RPDE feed',
  description: `A page of OpenActive's Realtime Paged Data Exchange 1.0, by change number. Follow \`next\` until a page has no items and leads to itself: that is the last page. Request it again, 8 s later at the earliest, for what changes from then on. An event that its feed no longer lists is \`deleted\`. A page has ${itemsDefault} items by default, at most ${itemsMax}.`,
  query: rpdeQuery,
  answers: {
    200: {
      description: 'The page; the last one has no items.',
      headers: ['ETag', 'Cache-Control', catalogueHeader, 'Content-Encoding'],
      content: {
        'application/json': {
          schema: page,
          example: {
            next: 'https://events.example/rpde/events?afterChangeNumber=57&archive=6cb5a681',
            items: [{ state: 'updated' as const, ...changed, data: eventData(detailsExample) }],
            license: 'https://creativecommons.org/licenses/by/4.0/',
          },
        },
      },
    },
    304: {
      description: '`If-None-Match` names the `ETag`: the page is the same as before.',
      headers: ['ETag', 'Cache-Control', catalogueHeader],
    },
  },
  errors: [
    'parameter_repeated',
    'parameter_unknown',
    'parameter_invalid',
    'escape_invalid',
    'resync_required',
    'precondition_failed',
    'details_unavailable',
    'archive_unavailable',
  ],
} as const satisfies Operation;
