// Parses the query of a single event, or says why it is refused.

import { isRefusal, type Refusal } from '#/domain/refusal.ts';
import { readQuery } from '#/http/contract/parameters.ts';
import { eventQuery } from '#/http/contract/single-event-parameters.ts';
import type { EventField } from '#/search/by-id/fields.ts';

export interface EventQuery {
  /** Null: all of them. */
  readonly fields: readonly EventField[] | null;
}

export function parseEventQuery(search: string): EventQuery | Refusal {
  const values = readQuery(eventQuery, search, 'parameter_invalid');
  if (isRefusal(values)) return values;
  return { fields: values.fields ?? null };
}
