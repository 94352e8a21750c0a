// The parameters of the operations that inspect the catalogue and the archive. All values arrive as texts.

import * as z from 'zod';

export const limits = { rows: 50, rowsMax: 1000, changes: 20, changesMax: 100 } as const;

const whole = (text: string): string => `expected a whole number ${text}`;
const number = (digits: RegExp, wanted: string) => z.string(wanted).regex(digits, wanted).transform(Number);
const counter = number(/^[1-9]\d{0,14}$/, whole('from 1'));
const offset = number(/^(0|[1-9]\d{0,14})$/, 'expected a cursor that this operation returned');

const integer = { type: 'integer', minimum: 1 } as const;

const limitOf = (usual: number, max: number) =>
  z
    .string(whole(`from 1 to ${max}`))
    .regex(/^[1-9]\d{0,3}$/, whole(`from 1 to ${max}`))
    .transform(Number)
    .refine((limit) => limit <= max, whole(`from 1 to ${max}`))
    .default(usual)
    .meta({
      description: 'Rows of a page.',
      override: { ...integer, maximum: max, default: usual },
      example: usual,
    });

const uuid = 'expected a UUID';
const id = z
  .string(uuid)
  .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i, uuid)
  .transform((text) => text.toLowerCase())
  .meta({
    description: 'The id of the event.',
    override: { type: 'string', format: 'uuid' },
    example: '8b6d3a0e-6d53-5a3e-9d1c-0a8f2f6f3a11',
  });
const text = (description: string, example: string) =>
  z
    .string('expected one text')
    .min(1, 'expected a text')
    .max(500, 'expected at most 500 characters')
    .meta({ description, example });
const bound = (description: string, example: string) =>
  z.string('expected it once').optional().meta({ description, example });
const page = {
  description: '`next_cursor` of the page before.',
  override: { type: 'string' },
  example: '50',
} as const;
const name = text('The name of the provider.', 'north');

export const explainParameters = z.strictObject({
  id: id.optional(),
  provider: text('With `base` and `plan`, in place of `id`.', 'north').optional(),
  base: text('The id of the base event in the feed.', '900').optional(),
  plan: text('The id of the plan in the feed.', '2').optional(),
  starts_at: bound('As that of `/search` of the public port; open when it is missing.', '2026-06-30'),
  ends_at: bound('As that of `/search` of the public port; open when it is missing.', '2026-06-30'),
});

export const historyParameters = z.strictObject({
  id,
  limit: limitOf(limits.changes, limits.changesMax),
  cursor: counter.optional().meta(page),
});

export const segmentsParameters = z.strictObject({
  version: counter.meta({ description: 'A version that is kept.', override: integer, example: 42 }),
  limit: limitOf(limits.rows, limits.rowsMax),
  cursor: offset.optional().meta(page),
});

export const heldParameters = z.strictObject({
  name,
  limit: limitOf(limits.rows, limits.rowsMax),
  cursor: offset.optional().meta(page),
});

export const excerptParameters = z.strictObject({
  name,
  run: counter.optional().meta({
    description: 'The run that read the body; the newest body when it is missing.',
    override: integer,
    example: 7,
  }),
  line: counter.meta({ description: 'The line, from 1.', override: integer, example: 9 }),
  column: counter.default(1).meta({
    description: 'The column, from 1.',
    override: { ...integer, default: 1 },
    example: 3,
  }),
});

/** Of `/snapshots/{from}/diff/{to}`. */
export const diffCursor = z
  .string('expected a cursor that this operation returned')
  .max(60, 'expected a cursor that this operation returned')
  .optional()
  .meta({ description: page.description });
