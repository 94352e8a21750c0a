// Numbers in requests to the admin port. Each function answers with 400 and returns null when the number is not valid.

import type { Request, Response } from 'express';
import { endWithError } from '#/http/envelope.ts';

const rowsDefault = 50;
const rowsMax = 1000;
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

export function versionOf(text: string, response: Response): number | null {
  if (/^[1-9]\d{0,15}$/.test(text)) return Number(text);
  if (!response.headersSent)
    endWithError(
      response,
      400,
      'version_invalid',
      `Got version ${text.slice(0, shownMax)}, expected a whole number from 1.`,
    );
  return null;
}
