// The element and attribute names of the two XML dialects.

export interface Dialect {
  readonly root: string;
  /** The base element: one record. */
  readonly record: string;
  readonly event: string;
  readonly baseId: string;
  readonly eventId: string;
  readonly start: string;
  readonly end: string;
}

export const planList: Dialect = {
  root: 'planList',
  record: 'base_plan',
  event: 'plan',
  baseId: 'base_plan_id',
  eventId: 'plan_id',
  start: 'plan_start_date',
  end: 'plan_end_date',
};

export const eventList: Dialect = {
  root: 'eventList',
  record: 'base_event',
  event: 'event',
  baseId: 'base_event_id',
  eventId: 'event_id',
  start: 'event_start_date',
  end: 'event_end_date',
};
