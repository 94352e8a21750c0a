// Parses the query of a single event, or says why it is refused.

import { isRefusal, refuse, type Refusal } from '#/domain/refusal.ts';
import { readQuery } from '#/http/contract/parameters.ts';
import { eventQuery, idsMax, lookupBody } from '#/http/contract/single-event-parameters.ts';
import type { EventField } from '#/search/by-id/fields.ts';
import { readId } from './target.ts';

export interface EventQuery {
  /** Null: all of them. */
  readonly fields: readonly EventField[] | null;
}

export function parseEventQuery(search: string): EventQuery | Refusal {
  const values = readQuery(eventQuery, search, 'parameter_invalid');
  if (isRefusal(values)) return values;
  return { fields: values.fields ?? null };
}

/** The different ids of a lookup, in their order. */
export function parseIds(value: unknown): readonly string[] | Refusal {
  const read = lookupBody.safeParse(value);
  if (!read.success)
    return refuse('body_invalid', `Got another body, expected {"ids":["…"]} with 1 to ${idsMax} ids.`);
  const ids = new Set<string>();
  for (const text of read.data.ids) {
    const id = readId(text);
    if (isRefusal(id)) return id;
    ids.add(id);
  }
  return [...ids];
}
