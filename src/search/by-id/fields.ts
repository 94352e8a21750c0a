// The fields of a single event.

import { fieldNames, type FieldName } from '#/search/events/parameters.ts';

export const companionFields = ['zones', 'first_seen_at', 'last_seen_at', 'last_online_at'] as const;
export const eventFields = [...fieldNames, ...companionFields] as const;

export type EventField = FieldName | (typeof companionFields)[number];

const ofCompanion = new Set<EventField>(companionFields);

/** Whether the fields are in a worker's memory. `fields`: null for all. */
export const needsCompanion = (fields: readonly EventField[] | null): boolean =>
  fields === null || fields.some((name) => ofCompanion.has(name));

const markers = eventFields.map((name) => `,"${name}":`);

/**
 * The JSON of an event with some of its fields only. `text` has the first of `eventFields` or all of them, in their order, and so
 * are `fields`. A quote within a JSON string is escaped, so that no value contains the marker of the next field.
 */
export function withFields(text: string, fields: readonly EventField[]): string {
  let picked = '';
  let [at, next] = [1, 0];
  for (let i = 0; i < eventFields.length && next < fields.length; i++) {
    const marker = markers[i + 1];
    const end = marker === undefined ? -1 : text.indexOf(marker, at);
    const to = end < 0 ? text.length - 1 : end;
    if (eventFields[i] === fields[next]) {
      picked += next === 0 ? text.slice(at, to) : `,${text.slice(at, to)}`;
      next++;
    }
    at = to + 1;
  }
  return `{${picked}}`;
}
