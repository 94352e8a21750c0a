// A day without a time. Decision record 102 says how it compares with instants.

import { isRefusal, type Refusal } from '#/domain/refusal.ts';
import { isTimeZone, parseWallClock, type WallClock } from './wall-clock.ts';

const shape = /^(\d{4}-\d\d-\d\d)(?:\[!?([A-Za-z][A-Za-z0-9_+/-]{0,62})\])?$/;
const dayLength = 'YYYY-MM-DD'.length;

/**
 * Reads `2021-06-30`, or `2021-06-30[Europe/Madrid]`: `local` is the day, `instant` the noon of it in its zone, or in the IANA
 * zone `timeZone`. Null when the text is not of this form; a refusal when the day does not exist.
 */
export function parseDay(text: string, timeZone: string): WallClock | Refusal | null {
  const match = shape.exec(text);
  if (match === null) return null;
  const [, local = '', zone = timeZone] = match;
  if (!isTimeZone(zone)) return null;
  const noon = parseWallClock(`${local}T12:00:00`, zone);
  return isRefusal(noon) ? noon : { ...noon, local };
}

export const isDay = ({ local }: Pick<WallClock, 'local'>): boolean => local.length === dayLength;
