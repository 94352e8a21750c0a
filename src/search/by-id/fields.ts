// The fields of a single event.

import { fieldNames, type FieldName } from '#/search/events/parameters.ts';

export const companionFields = ['zones', 'first_seen_at', 'last_seen_at', 'last_online_at'] as const;
export const eventFields = [...fieldNames, ...companionFields] as const;

export type EventField = FieldName | (typeof companionFields)[number];

const ofCompanion = new Set<EventField>(companionFields);

/** Whether the fields are in a worker's memory. `fields`: null for all. */
export const needsCompanion = (fields: readonly EventField[] | null): boolean =>
  fields === null || fields.some((name) => ofCompanion.has(name));
