// The parameters of /rpde/events: the first is the standard's.

import * as z from 'zod';
import { shown } from '#/domain/refusal.ts';
import { whole } from '#/http/contract/event-parameters.ts';
import { itemsDefault, itemsMax } from '#/search/rpde/page.ts';

const numberMax = Number.MAX_SAFE_INTEGER;
const error =
  (expected: string) =>
  ({ input }: { readonly input: unknown }) =>
    `Got ${shown(String(input))}, expected ${expected}.`;

export const rpdeQuery = z.object({
  afterChangeNumber: z
    .string()
    .refine((text) => /^\d{1,16}$/.test(text) && Number(text) <= numberMax, {
      error: error(`a change number from 0 to ${numberMax}`),
    })
    .transform(Number)
    .optional()
    .meta({
      description:
        'Items that changed later than this. If it is absent, the feed begins with its first item.',
      example: 0,
      override: { type: 'integer', minimum: 0, maximum: numberMax },
    }),
  // No example: it belongs to an archive.
  archive: z
    .string()
    .regex(/^[\da-f]{8}$/, { error: error('8 hex digits, from the next of a page') })
    .optional()
    .meta({ description: 'Whose change numbers they are. It is part of `next`.' }),
  limit: whole(itemsMax, `Items on a page, ${itemsDefault} if it is absent.`, 20),
});
