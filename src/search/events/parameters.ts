// What the parameters of `/events` and `/events/histogram` may name, and their limits.

import { statuses } from '#/domain/event.ts';

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
  'status',
] as const;
/** The values of the filter `status`: those of the field, and whether an event is sold out. */
export const statusFilters = [...statuses, 'sold_out'] as const;

export type Match = (typeof matches)[number];
export type SortBy = (typeof sorts)[number];
export type Interval = (typeof intervals)[number];
export type StatusFilter = (typeof statusFilters)[number];
export type FieldName = (typeof fieldNames)[number];

/** Events on one page, however it is asked for. */
export const limitDefault = 50;
export const limitMax = 1000;
export const pageMax = 100_000_000;
export const wordsMax = 10;
/** The most characters of a name or of the words. */
export const textMax = 200;
