// What the values of the parameters ask for together, or why they are refused. No schema is needed here: see query.ts and quick.ts.

import type * as z from 'zod';
import { rangeOf } from '#/domain/query.ts';
import { isRefusal, refuse, type Refusal } from '#/domain/refusal.ts';
import type { histogramQuery, listQuery } from '#/http/contract/event-parameters.ts';
import { limitDefault } from '#/search/events/parameters.ts';
import type { EventFilter, HistogramQuery, ListQuery, Paging } from '#/search/events/query.ts';
import { parseZonedInstant } from '#/domain/time/zoned-bound.ts';

export type ListValues = z.output<typeof listQuery>;

const utc = 'UTC';

export function listQueryOf(values: ListValues): ListQuery | Refusal {
  const filter = filterOf(values);
  if (isRefusal(filter)) return filter;
  const paging = pagingOf(values);
  if (isRefusal(paging)) return paging;
  const order = { by: values.sort_by ?? 'start', descending: values.sort_dir === 'desc' } as const;
  const { page, page_size: size, limit, cursor } = values;
  const isPaged = page !== undefined || size !== undefined || limit !== undefined || cursor !== undefined;
  return { filter, order, fields: values.fields ?? null, paging, isPaged };
}

export function histogramQueryOf(values: z.output<typeof histogramQuery>): HistogramQuery | Refusal {
  const filter = filterOf(values);
  if (isRefusal(filter)) return filter;
  return { filter, interval: values.interval ?? 'day', timeZone: values.tz ?? utc };
}

function filterOf(values: Omit<z.output<typeof histogramQuery>, 'interval'>): EventFilter | Refusal {
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
    status: values.status ?? null,
    minPrice,
    maxPrice,
    available: values.available ?? null,
    words: values.q?.toSorted() ?? [],
  };
}

function pagingOf(values: ListValues): Paging | Refusal {
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
