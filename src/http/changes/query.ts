// Parses the raw query string of `/changes`, or says why it is refused.

import type * as z from 'zod';
import { isRefusal, refuse, type Refusal } from '#/domain/refusal.ts';
import { changesQuery } from '#/http/contract/change-parameters.ts';
import { readQuery } from '#/http/contract/parameters.ts';
import { changesDefault } from '#/search/changes/limits.ts';
import { decodeToken, type Position } from '#/search/changes/token.ts';

export interface ParsedQuery {
  /** `now`: from the current version on. Null when no token is given. */
  readonly since: Position | 'now' | null;
  readonly provider: string | null;
  readonly limit: number;
}

export function parseChangesQuery(search: string): ParsedQuery | Refusal {
  const values = readQuery(changesQuery, search, 'parameter_invalid');
  return isRefusal(values) ? values : queryOf(values, values.since);
}

/** `lastId`: the header Last-Event-ID of a client that connects again. It takes the place of `since`. */
export function parseLiveQuery(search: string, lastId: string | undefined): ParsedQuery | Refusal {
  const values = readQuery(changesQuery, search, 'parameter_invalid');
  if (isRefusal(values)) return values;
  if (values.limit !== undefined)
    return refuse(
      'paging_mixed',
      'Got limit with Accept: text/event-stream, expected none: a listener receives all changes.',
    );
  return queryOf(values, lastId === undefined || lastId === '' ? values.since : lastId);
}

function queryOf(values: z.output<typeof changesQuery>, text: string | undefined): ParsedQuery | Refusal {
  const { provider = null, limit = changesDefault } = values;
  if (text === undefined || text === 'now') return { since: text ?? null, provider, limit };
  const since = decodeToken(text, provider);
  return isRefusal(since) ? since : { since, provider, limit };
}
