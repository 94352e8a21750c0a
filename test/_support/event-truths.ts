// What `/events` must answer, in the simplest way: a filter, a sort and a stringify. It shares no code with the system.

import type { DetailedEvent } from '#/domain/event.ts';
import { shown } from './catalogue.ts';

/** Instants in milliseconds, prices in minor units. */
export interface Asked {
  readonly starts_at?: number | undefined;
  readonly ends_at?: number | undefined;
  readonly match?: 'within' | 'overlaps' | 'starts' | 'contains' | undefined;
  readonly provider?: string | undefined;
  readonly sell_mode?: 'online' | 'offline' | undefined;
  readonly status?: string | undefined;
  readonly min_price?: number | undefined;
  readonly max_price?: number | undefined;
  readonly available?: boolean | undefined;
  readonly q?: string | undefined;
  readonly sort_by?: 'start' | 'end' | 'title' | 'min_price' | 'id' | undefined;
  readonly sort_dir?: 'asc' | 'desc' | undefined;
}

export function eventTruths(events: readonly DetailedEvent[], asked: Asked): DetailedEvent[] {
  const { starts_at: from = -Infinity, ends_at: to = Infinity, match = 'within' } = asked;
  const inTime = ({ start, end }: DetailedEvent): boolean => {
    if (match === 'within') return start >= from && end <= to;
    if (match === 'starts') return start >= from && start <= to;
    if (match === 'contains') return start <= from && end >= to;
    return start <= to && (end > from || start >= from);
  };
  const words = plain(asked.q ?? '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
  const found = events.filter((event) => {
    const titleWords = plain(event.title).split(/[^\p{L}\p{N}]+/u);
    const hasPlaces = event.soldOut !== true && event.capacity !== null && event.capacity > 0;
    const { minPrice, maxPrice } = event;
    return (
      inTime(event) &&
      (asked.provider === undefined || event.provider === asked.provider) &&
      (asked.sell_mode === undefined || event.sellMode === asked.sell_mode) &&
      (asked.status === undefined ||
        (asked.status === 'sold_out' ? event.soldOut === true : event.status === asked.status)) &&
      (asked.min_price === undefined || (maxPrice !== null && maxPrice >= asked.min_price)) &&
      (asked.max_price === undefined || (minPrice !== null && minPrice <= asked.max_price)) &&
      (asked.available === undefined || hasPlaces === asked.available) &&
      words.every((word) => titleWords.some((other) => other.startsWith(word)))
    );
  });
  const sign = asked.sort_dir === 'desc' ? -1 : 1;
  const by = asked.sort_by ?? 'start';
  return found.toSorted((a, b) => {
    if (by === 'min_price' && (a.minPrice === null) !== (b.minPrice === null))
      return a.minPrice === null ? 1 : -1;
    const keys = [a, b].map((event) => keysOf(event, by)) as [(string | number)[], (string | number)[]];
    for (const [i, key] of keys[0].entries()) {
      const other = keys[1][i]!;
      if (key !== other) return key < other ? -sign : sign;
    }
    return 0;
  });
}

function keysOf(event: DetailedEvent, by: NonNullable<Asked['sort_by']>): (string | number)[] {
  if (by === 'id') return [event.id];
  if (by === 'title') return [plain(event.title), event.title, event.id];
  return [by === 'min_price' ? (event.minPrice ?? 0) : event[by], event.id];
}

const plain = (text: string): string => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();

/** The JSON of an event; with `only`, of these fields. */
export function jsonOf(event: DetailedEvent, only?: ReadonlySet<string>): string {
  const all = {
    ...shown(event),
    starts_at: new Date(event.start).toISOString().replace('.000', ''),
    ends_at: new Date(event.end).toISOString().replace('.000', ''),
    time_zone: event.timeZone,
    provider: event.provider,
    base_id: event.baseId,
    plan_id: event.planId,
    sell_mode: event.sellMode,
    sell_from: event.sellFrom,
    sell_to: event.sellTo,
    sold_out: event.soldOut,
    capacity: event.capacity,
    listed: event.listed,
    status: event.status,
  };
  return JSON.stringify(Object.fromEntries(Object.entries(all).filter(([name]) => only?.has(name) ?? true)));
}
