// Parses the raw query string of `/events` and `/events/histogram`, or says why it is refused.

import type * as z from 'zod';
import type { SellMode } from '#/domain/event.ts';
import { rangeOf } from '#/domain/query.ts';
import type { Range } from '#/domain/range.ts';
import { isRefusal, refuse, shown, type Refusal } from '#/domain/refusal.ts';
import { parseZonedInstant } from './zoned-bound.ts';
import { didYouMean } from '#/kit/command-line/nearest.ts';
import {
  expectations,
  fieldNames,
  histogramParameters,
  limitDefault,
  listParameters,
  type FieldName,
  type Interval,
  type Match,
  type SortBy,
} from './parameters.ts';

/** Which events are asked for. A criterion that is null admits every event. */
export interface EventFilter {
  readonly range: Range;
  readonly match: Match;
  readonly provider: string | null;
  readonly sellMode: SellMode | null;
  /** In minor units. */
  readonly minPrice: number | null;
  readonly maxPrice: number | null;
  readonly available: boolean | null;
  /** Folded; each must begin a word of the title. */
  readonly words: readonly string[];
}

export interface EventOrder {
  readonly by: SortBy;
  readonly descending: boolean;
}

export type Paging =
  | { readonly kind: 'page'; readonly page: number; readonly size: number }
  | { readonly kind: 'cursor'; readonly limit: number; readonly cursor: string | null };

export interface ListQuery {
  readonly filter: EventFilter;
  readonly order: EventOrder;
  /** Null: all of them. */
  readonly fields: readonly FieldName[] | null;
  readonly paging: Paging;
  /** Whether a parameter of paging is given. */
  readonly isPaged: boolean;
}

export interface HistogramQuery {
  readonly filter: EventFilter;
  readonly interval: Interval;
  readonly timeZone: string;
}

/** A plus in these is a plus; in all others it is a space. */
const plusNames = new Set(['starts_at', 'ends_at', 'tz', 'cursor']);
const utc = 'UTC';

export function parseListQuery(search: string): ListQuery | Refusal {
  const values = read(search, listParameters);
  if (isRefusal(values)) return values;
  const filter = filterOf(values);
  if (isRefusal(filter)) return filter;
  const fields = values.fields === undefined ? null : fieldsOf(values.fields);
  if (isRefusal(fields)) return fields;
  const paging = pagingOf(values);
  if (isRefusal(paging)) return paging;
  const order = { by: values.sort_by ?? 'start', descending: values.sort_dir === 'desc' } as const;
  const isPaged = [values.page, values.page_size, values.limit, values.cursor].some(
    (value) => value !== undefined,
  );
  return { filter, order, fields, paging, isPaged };
}

export function parseHistogramQuery(search: string): HistogramQuery | Refusal {
  const values = read(search, histogramParameters);
  if (isRefusal(values)) return values;
  const filter = filterOf(values);
  if (isRefusal(filter)) return filter;
  return { filter, interval: values.interval ?? 'day', timeZone: values.tz ?? utc };
}

/** The parameters by name, checked by `schema`. An unknown or repeated one is refused. */
function read<Shape extends z.ZodRawShape>(
  search: string,
  schema: z.ZodObject<Shape>,
): z.infer<z.ZodObject<Shape>> | Refusal {
  const given = new Map<string, string>();
  const known = Object.keys(schema.shape);
  for (const part of search.split('&')) {
    if (part === '') continue;
    const equals = part.indexOf('=');
    const name = unescaped(equals < 0 ? part : part.slice(0, equals));
    if (name === null || !known.includes(name)) {
      const seen = name ?? part;
      const message = `Got the parameter ${shown(seen)}, expected one of ${known.join(', ')}.${didYouMean(seen, known)}`;
      return refuse('parameter_unknown', message);
    }
    if (given.has(name))
      return refuse('parameter_repeated', `${name} is given more than once, expected at most one.`);
    const escaped = equals < 0 ? '' : part.slice(equals + 1);
    const value = unescaped(plusNames.has(name) ? escaped : escaped.replaceAll('+', ' '));
    if (value === null) return refuse('escape_invalid', `${name}: the percent-escapes are not valid UTF-8.`);
    given.set(name, value);
  }
  const parsed = schema.safeParse(Object.fromEntries(given));
  if (parsed.success) return parsed.data;
  const name = String(parsed.error.issues[0]?.path[0]) as keyof typeof expectations;
  return refuse(
    'parameter_invalid',
    `Got ${name} ${shown(given.get(name) ?? '')}, expected ${expectations[name]}.`,
  );
}

function unescaped(text: string): string | null {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

type FilterValues = z.infer<typeof histogramParameters>;

function filterOf(values: Omit<FilterValues, 'interval'>): EventFilter | Refusal {
  const timeZone = values.tz ?? utc;
  const range = rangeOf(values.starts_at, values.ends_at, (text, side) =>
    parseZonedInstant(text, side, timeZone),
  );
  if (isRefusal(range)) return range;
  const match = values.match ?? 'within';
  if (match === 'contains' && (range.start === -Infinity || range.end === Infinity))
    return refuse('bound_missing', 'Got match=contains with an open range, expected starts_at and ends_at.');
  const [minPrice, maxPrice] = [values.min_price ?? null, values.max_price ?? null];
  if (minPrice !== null && maxPrice !== null && minPrice > maxPrice)
    return refuse(
      'range_reversed',
      'Got min_price above max_price, expected min_price at or below max_price.',
    );
  return {
    range,
    match,
    provider: values.provider ?? null,
    sellMode: values.sell_mode ?? null,
    minPrice,
    maxPrice,
    available: values.available ?? null,
    words: values.q ?? [],
  };
}

function fieldsOf(text: string): readonly FieldName[] | Refusal {
  const names = new Set<string>();
  for (const name of text.split(',')) {
    if (!(fieldNames as readonly string[]).includes(name)) {
      const message = `Got the field ${shown(name)}, expected some of ${fieldNames.join(', ')}.${didYouMean(name, fieldNames)}`;
      return refuse('field_unknown', message);
    }
    names.add(name);
  }
  return fieldNames.filter((name) => names.has(name));
}

function pagingOf(values: z.infer<typeof listParameters>): Paging | Refusal {
  const { page, page_size: size, limit, cursor } = values;
  const isPage = page !== undefined || size !== undefined;
  if (isPage && (limit !== undefined || cursor !== undefined))
    return refuse(
      'paging_mixed',
      'Got page or page_size with limit or cursor, expected only one of these pairs.',
    );
  return isPage
    ? { kind: 'page', page: page ?? 1, size: size ?? limitDefault }
    : { kind: 'cursor', limit: limit ?? limitDefault, cursor: cursor ?? null };
}

/** A text that is the same for all queries of the same events in the same order. */
export const keyOf = (filter: EventFilter, order: EventOrder | null = null): string =>
  JSON.stringify([
    [String(filter.range.start), String(filter.range.end), filter.match, filter.provider, filter.sellMode],
    [filter.minPrice, filter.maxPrice, filter.available, filter.words.toSorted()],
    order === null ? [] : [order.by, order.descending],
  ]);
