// The values that a client gives in a path or a query: each reader returns null (a cursor's: undefined) when it has answered with an
// error itself.

import type { Request, Response } from 'express';
import { endWithError } from '#/http/envelope.ts';
import { diffCursor } from '#/http/inspection/parameters.ts';
import type { AdminDeps } from './deps.ts';

export const [rowsDefault, rowsMax] = [50, 1000] as const;
/** Characters of a client's value that a message repeats. */
const shownMax = 40;

export function limitOf(request: Pick<Request, 'query'>, response: Response): number | null {
  const limit = request.query['limit'] ?? String(rowsDefault);
  if (typeof limit === 'string' && /^[1-9]\d{0,3}$/.test(limit) && Number(limit) <= rowsMax)
    return Number(limit);
  endWithError(
    response,
    400,
    'limit_invalid',
    `Got limit ${JSON.stringify(limit).slice(0, shownMax)}, expected a whole number from 1 to ${rowsMax}.`,
  );
  return null;
}

export function versionOf(text: string | undefined, response: Response): number | null {
  if (text !== undefined && /^[1-9]\d{0,15}$/.test(text)) return Number(text);
  endWithError(
    response,
    400,
    'version_invalid',
    `Got version ${text?.slice(0, shownMax)}, expected a whole number from 1.`,
  );
  return null;
}

export function providerOf(deps: AdminDeps, name: string | undefined, response: Response): string | null {
  if (name !== undefined && deps.providers().has(name)) return name;
  const known = [...deps.providers().keys()].join(', ') || 'none';
  endWithError(
    response,
    404,
    'provider_unknown',
    `Got the provider ${name?.slice(0, shownMax)}, expected one of: ${known}.`,
  );
  return null;
}

/** Null for the first page; undefined when it has answered with an error. */
export function diffCursorOf(request: Pick<Request, 'query'>, response: Response): string | null | undefined {
  const cursor = diffCursor.safeParse(request.query['cursor']);
  if (cursor.success) return cursor.data ?? null;
  endWithError(
    response,
    400,
    'cursor_invalid',
    `Got a cursor that is not valid, ${cursor.error.issues[0]?.message}.`,
  );
  return undefined;
}
