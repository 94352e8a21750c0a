// What a query of `/events` or `/events/histogram` asks for.

import type { SellMode } from '#/domain/event.ts';
import type { Range } from '#/domain/range.ts';
import type { FieldName, Interval, Match, SortBy, StatusFilter } from './parameters.ts';

/** Which events are asked for. A criterion that is null admits every event. */
export interface EventFilter {
  readonly range: Range;
  readonly match: Match;
  readonly provider: string | null;
  readonly sellMode: SellMode | null;
  readonly status: StatusFilter | null;
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

/** A text that is the same for all queries of the same events in the same order. */
export const keyOf = (filter: EventFilter, order: EventOrder | null = null): string =>
  JSON.stringify([
    [String(filter.range.start), String(filter.range.end), filter.match, filter.provider, filter.sellMode],
    [filter.minPrice, filter.maxPrice, filter.available, filter.words.toSorted()],
    ...(filter.status === null ? [] : [filter.status]),
    order === null ? [] : [order.by, order.descending],
  ]);
