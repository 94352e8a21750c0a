// The parameters of `/events` and `/events/histogram`: their values, limits and defaults.

import * as z from 'zod';
import { parsePrice } from '#/domain/price.ts';
import { isRefusal } from '#/domain/refusal.ts';
import { isTimeZone } from '#/domain/wall-clock.ts';
import { wordsOf } from '#/kit/words.ts';

export const matches = ['within', 'overlaps', 'starts', 'contains'] as const;
export const sorts = ['start', 'end', 'title', 'min_price', 'id'] as const;
export const intervals = ['hour', 'day', 'week', 'month'] as const;
export const fieldNames = [
  'id',
  'title',
  'start_date',
  'start_time',
  'end_date',
  'end_time',
  'min_price',
  'max_price',
  'starts_at',
  'ends_at',
  'time_zone',
  'provider',
  'base_id',
  'plan_id',
  'sell_mode',
  'sell_from',
  'sell_to',
  'sold_out',
  'capacity',
  'listed',
] as const;

export type Match = (typeof matches)[number];
export type SortBy = (typeof sorts)[number];
export type Interval = (typeof intervals)[number];
export type FieldName = (typeof fieldNames)[number];

/** Events on one page, however it is asked for. */
export const limitDefault = 50;
export const limitMax = 1000;
const pageMax = 100_000_000;
const wordsMax = 10;
const textMax = 200;

const whole = (most: number) =>
  z
    .string()
    .regex(/^[1-9]\d{0,8}$/)
    .transform(Number)
    .refine((number) => number <= most);
const price = z.string().transform((text, context) => {
  const minor = parsePrice(text);
  if (!isRefusal(minor)) return minor;
  context.addIssue({ code: 'custom', message: minor.message });
  return z.NEVER;
});
const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

const filters = {
  starts_at: z.string(),
  ends_at: z.string(),
  match: z.enum(matches),
  tz: z.string().max(64).refine(isTimeZone),
  provider: z.string().min(1).max(textMax),
  sell_mode: z.enum(['online', 'offline']),
  min_price: price,
  max_price: price,
  available: flag,
  q: z
    .string()
    .max(textMax)
    .transform(wordsOf)
    .refine((words) => words.length > 0 && words.length <= wordsMax),
};

/** Every parameter may be absent. */
export const listParameters = z
  .object({
    ...filters,
    sort_by: z.enum(sorts),
    sort_dir: z.enum(['asc', 'desc']),
    fields: z.string(),
    page: whole(pageMax),
    page_size: whole(limitMax),
    limit: whole(limitMax),
    cursor: z.string(),
  })
  .partial();

export const histogramParameters = z.object({ ...filters, interval: z.enum(intervals) }).partial();

type ParameterName = keyof typeof listParameters.shape | 'interval';

/** What each value must be, for messages. */
export const expectations: Readonly<Record<ParameterName, string>> = {
  starts_at: 'an RFC 3339 instant',
  ends_at: 'an RFC 3339 instant',
  match: 'within, overlaps, starts or contains',
  tz: 'an IANA time zone like Europe/Madrid',
  provider: `the name of a provider, at most ${textMax} characters`,
  sell_mode: 'online or offline',
  min_price: 'an amount like 20.00',
  max_price: 'an amount like 20.00',
  available: 'true or false',
  q: `1 to ${wordsMax} words, at most ${textMax} characters`,
  sort_by: 'start, end, title, min_price or id',
  sort_dir: 'asc or desc',
  fields: 'names of fields, separated by commas',
  page: `a whole number from 1 to ${pageMax}`,
  page_size: `a whole number from 1 to ${limitMax}`,
  limit: `a whole number from 1 to ${limitMax}`,
  cursor: 'a cursor from an earlier answer',
  interval: 'hour, day, week or month',
};
