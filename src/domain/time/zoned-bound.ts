// Reads a bound of a range in a time zone of the client's choice: where the text has no offset, it is a wall clock there.

import { parseInstant, type Bound } from './instant.ts';
import { isRefusal, type Refusal } from '#/domain/refusal.ts';
import { Temporal } from './temporal.ts';

const dateLength = 'YYYY-MM-DD'.length;
/** `Z`, or an offset whose plus may have arrived as a space. */
const offset = /(?:[Zz]|[-+ ]\d\d:\d\d)$/;

/**
 * As `parseInstant`, in an IANA zone. A date alone is the whole day of the zone, which may have 23 or 25 hours. A wall clock that
 * exists twice or not at all gives the earlier instant as a start and the later one as an end: the range loses no event.
 */
export function parseZonedInstant(text: string, side: Bound, timeZone: string): number | Refusal {
  const asUtc = parseInstant(text, side);
  if (isRefusal(asUtc) || timeZone === 'UTC' || (text.length > dateLength && offset.test(text))) return asUtc;
  if (text.length === dateLength) {
    const day = Temporal.PlainDate.from(text);
    if (side === 'start') return day.toZonedDateTime(timeZone).epochMilliseconds;
    return day.add({ days: 1 }).toZonedDateTime(timeZone).epochMilliseconds - 1;
  }
  const wall = Temporal.Instant.fromEpochMilliseconds(asUtc).toZonedDateTimeISO('UTC').toPlainDateTime();
  const disambiguation = side === 'start' ? 'earlier' : 'later';
  return wall.toZonedDateTime(timeZone, { disambiguation }).epochMilliseconds;
}
