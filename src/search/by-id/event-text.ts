// The JSON of one event that was found by its id.

import type { Edition } from '#/search/events/edition.ts';
import type { FieldName } from '#/search/events/parameters.ts';
import { createEventWriter } from '#/search/events/render.ts';
import type { Found } from './id-index.ts';

const writer = createEventWriter();

/** `fields`: null for all. */
export function eventText({ segment, place }: Found, fields: readonly FieldName[] | null): string {
  const alone: Edition = { version: 0, tag: 0, segments: [segment] };
  writer.clear();
  writer.event(alone, place, fields);
  return writer.written().toString();
}
