// Parses the queries of single events, or says why they are refused.

import { parseInstant } from '#/domain/time/instant.ts';
import type { Until } from '#/domain/past.ts';
import { isRefusal, refuse, type Refusal } from '#/domain/refusal.ts';
import { readQuery } from '#/http/contract/parameters.ts';
import {
  changesDefault,
  eventQuery,
  fieldsQuery,
  historyQuery,
  noQuery,
  idsMax,
  lookupBody,
} from '#/http/contract/single-event-parameters.ts';
import type { EventField } from '#/search/by-id/fields.ts';
import { readId } from './target.ts';

export interface EventQuery {
  /** Null: all of them. */
  readonly fields: readonly EventField[] | null;
  /** Null: now. */
  readonly asOf: Until | null;
}

export interface HistoryQuery {
  readonly limit: number;
  /** Only changes with a smaller number. */
  readonly beforeSeq: number;
  readonly asOf: Until | null;
}

/** What the client can ask for. `version`: the current one; `now`: in milliseconds since 1970. */
export interface Present {
  readonly version: number;
  readonly now: number;
}

export function parseEventQuery(search: string, present: Present): EventQuery | Refusal {
  const values = readQuery(eventQuery, search, 'parameter_invalid');
  if (isRefusal(values)) return values;
  const asOf = parseAsOf(values.as_of, present);
  return isRefusal(asOf) ? asOf : { fields: values.fields ?? null, asOf };
}

export function parseHistoryQuery(search: string, present: Present): HistoryQuery | Refusal {
  const values = readQuery(historyQuery, search, 'parameter_invalid');
  if (isRefusal(values)) return values;
  const asOf = parseAsOf(values.as_of, present);
  if (isRefusal(asOf)) return asOf;
  return { limit: values.limit ?? changesDefault, beforeSeq: values.cursor ?? Infinity, asOf };
}

export function parseFields(search: string): readonly EventField[] | null | Refusal {
  const values = readQuery(fieldsQuery, search, 'parameter_invalid');
  return isRefusal(values) ? values : (values.fields ?? null);
}

function parseAsOf(text: string | undefined, { version, now }: Present): Until | null | Refusal {
  if (text === undefined) return null;
  if (/^[1-9]\d{0,14}$/.test(text)) {
    return Number(text) <= version
      ? { kind: 'version', version: Number(text) }
      : refuse('as_of_future', `as_of: Got version ${text}, expected at most ${version}.`);
  }
  const instant = parseInstant(text, 'start');
  if (isRefusal(instant)) return refuse(instant.code, `as_of: ${instant.message}`);
  return instant <= now
    ? { kind: 'instant', instant }
    : refuse('as_of_future', `as_of: Got ${text}, expected an instant in the past.`);
}

/** Null when there are no parameters, which the other forms of an event do not have. */
export function refusedQuery(search: string): Refusal | null {
  const values = readQuery(noQuery, search, 'parameter_invalid');
  return isRefusal(values) ? values : null;
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
