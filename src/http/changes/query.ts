// Parses the raw query string of `/changes`, or says why it is refused.

import { isRefusal, type Refusal } from '#/domain/refusal.ts';
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

/** `lastId`: the header Last-Event-ID, which takes the place of `since`. */
export function parseChangesQuery(search: string, lastId?: string): ParsedQuery | Refusal {
  const values = readQuery(changesQuery, search, 'parameter_invalid');
  if (isRefusal(values)) return values;
  const { provider = null, limit = changesDefault } = values;
  const text = lastId ?? values.since;
  if (text === undefined || text === 'now') return { since: text ?? null, provider, limit };
  const since = decodeToken(text, provider);
  return isRefusal(since) ? since : { since, provider, limit };
}
