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
  /** Folded and in order; each must begin a word of the title. */
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
export function keyOf(filter: EventFilter, order: EventOrder | null = null): string {
  const { range, match, words } = filter;
  const times = range.start + ' ' + range.end + ' ' + match;
  const prices = filter.minPrice + ' ' + filter.maxPrice;
  const some = words.length === 0 ? '' : words.join(' ');
  const by = order === null ? '' : order.by + order.descending;
  // A provider may have any characters: it is last.
  return `${times} ${prices} ${by} [${some}] ${traitsKey(filter)}`;
}

type Traits = Pick<EventFilter, 'provider' | 'sellMode' | 'status' | 'available'>;

/** The same for the criteria that depend on neither time, price nor words. */
export const traitsKey = ({ provider, sellMode, status, available }: Traits): string =>
  sellMode + ' ' + status + ' ' + available + (provider === null ? '' : ' ' + provider);
