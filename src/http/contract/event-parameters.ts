// The parameters of /events and /events/histogram. The schemas check one parameter each; `src/http/events/query.ts` checks what
// depends on several.

import * as z from 'zod';
import { parsePrice } from '#/domain/price.ts';
import { isRefusal, shown } from '#/domain/refusal.ts';
import { isTimeZone } from '#/domain/time/wall-clock.ts';
import { listed } from '#/kit/command-line/expected.ts';
import { didYouMean } from '#/kit/command-line/nearest.ts';
import { wordsOf } from '#/kit/words.ts';
import {
  fieldNames,
  intervals,
  limitDefault,
  limitMax,
  matches,
  pageMax,
  sorts,
  statusFilters,
  textMax,
  wordsMax,
} from '#/search/events/parameters.ts';
import { instantProse, instantText } from './parameters.ts';

/** The message of a check: what was received, and `expected`. */
const message = (expected: string) => ({
  error: ({ input }: { readonly input: unknown }) => `Got ${shown(String(input))}, expected ${expected}.`,
});

const oneOf = <const Names extends readonly string[]>(
  names: Names,
  description: string,
  example: Names[number],
) =>
  z
    .enum(names, message(listed(names)))
    .optional()
    .meta({ description, example });

export const whole = (most: number, description: string, example: number) =>
  z
    .string()
    .refine(
      (text) => /^[1-9]\d{0,8}$/.test(text) && Number(text) <= most,
      message(`a whole number from 1 to ${most}`),
    )
    .transform(Number)
    .optional()
    .meta({ description, example, override: { type: 'integer', minimum: 1, maximum: most } });

/** In minor units. */
const price = (description: string, example: number) =>
  z
    .string()
    .transform((text, context) => {
      const minor = parsePrice(text);
      if (!isRefusal(minor)) return minor;
      context.addIssue({ code: 'custom', message: minor.message });
      return z.NEVER;
    })
    .optional()
    .meta({ description, example, override: { type: 'number', minimum: 0 } });

const flag = (description: string) =>
  z
    .string()
    .refine((text) => text === 'true' || text === 'false', message('true or false'))
    .transform((text) => text === 'true')
    .optional()
    .meta({ description, example: true, override: { type: 'boolean' } });

/** In the order of the fields, whatever the order of the names. */
export const fieldsAmong = <const Name extends string>(known: readonly Name[]) =>
  z
    .string()
    .transform((text, context) => {
      const names = text.split(',');
      const unknown = names.find((name) => !(known as readonly string[]).includes(name));
      if (unknown === undefined) return known.filter((name) => names.includes(name));
      context.addIssue({
        code: 'custom',
        message: `Got ${shown(unknown)}, expected some of ${known.join(', ')}.${didYouMean(unknown, known)}`,
        params: { code: 'field_unknown' },
      });
      return z.NEVER;
    })
    .optional()
    .meta({
      description: `Only these fields, separated by commas; all if it is absent: \`${known.join('`, `')}\`.`,
      example: 'id,title,starts_at',
    });

const hasWords = (text: string): boolean => {
  const { length } = wordsOf(text);
  return text.length <= textMax && length > 0 && length <= wordsMax;
};

const filters = {
  starts_at: instantText.optional().meta({
    description: `The first instant of the range, which is open if it is absent. ${instantProse} Without an offset it is a local time in \`tz\`.`,
    example: '2021-02-01T00:00:00Z',
  }),
  ends_at: instantText.optional().meta({
    description: 'The last instant of the range. The same forms.',
    example: '2021-03-01T00:00:00Z',
  }),
  match: oneOf(
    matches,
    'How an event lies to the range: `within` it, which is meant without `match`; `overlaps`: it takes place at some instant of the range; `starts` in it; `contains`: it lasts for the whole range, whose bounds are both needed.',
    'overlaps',
  ),
  tz: z
    .string()
    .refine((text) => text.length <= 64 && isTimeZone(text), message('an IANA time zone like Europe/Madrid'))
    .optional()
    .meta({
      description: 'The IANA time zone of bounds without an offset, and of the histogram; otherwise UTC.',
      example: 'Europe/Madrid',
    }),
  provider: z
    .string()
    .refine(
      ({ length }) => length > 0 && length <= textMax,
      message(`the name of a provider, at most ${textMax} characters`),
    )
    .optional()
    .meta({ description: 'Only events of this provider.', example: 'fever' }),
  status: oneOf(
    statusFilters,
    'Only events whose feed now has this status; `sold_out`: only events that are sold out, whatever their status.',
    'cancelled',
  ),
  sell_mode: oneOf(['online', 'offline'], 'Only events whose feed now has this sell mode.', 'online'),
  min_price: price('Only events with a price at or above this amount.', 20),
  max_price: price('Only events with a price at or below this amount.', 99.5),
  available: flag(
    '`true`: only events that are not sold out and have a capacity above 0; `false`: only the others.',
  ),
  q: z
    .string()
    .refine(hasWords, message(`1 to ${wordsMax} words, at most ${textMax} characters`))
    .transform(wordsOf)
    .optional()
    .meta({
      description: `Only events whose title has all of these words, each as the beginning of a word: 1 to ${wordsMax}. Case and accents do not matter.`,
      example: 'night',
    }),
};

export const listQuery = z.object({
  ...filters,
  sort_by: oneOf(sorts, 'The order, `start` if it is absent; equal ones are ordered by `id`.', 'title'),
  sort_dir: oneOf(
    ['asc', 'desc'],
    'The direction of the order, `asc` if it is absent. Events without a price are last in both.',
    'desc',
  ),
  fields: fieldsAmong(fieldNames),
  page: whole(pageMax, 'The number of the page, for pages by number.', 1),
  page_size: whole(limitMax, `Events on a page by number, ${limitDefault} if it is absent.`, 20),
  limit: whole(limitMax, `Events on a page by cursor, ${limitDefault} if it is absent.`, 20),
  // No example: a cursor belongs to a version and to a query.
  cursor: z
    .string()
    .optional()
    .meta({ description: '`next_cursor` of the page before; the first page if it is absent.' }),
});

export const histogramQuery = z.object({
  ...filters,
  interval: oneOf(intervals, 'The length of a bucket, `day` if it is absent. Weeks begin on Monday.', 'week'),
});
