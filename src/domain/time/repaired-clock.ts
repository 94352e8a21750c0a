// Repairs local times that are not in the expected form but have only one possible meaning.

import { civilFromDay, dayMs } from './calendar.ts';
import { isRefusal, type Refusal } from '#/domain/refusal.ts';
import { Temporal } from './temporal.ts';
import { parseWallClock, type WallClock } from './wall-clock.ts';

const shape =
  /^(\d{4}-\d\d-\d\d)(?:T|\s+)(\d\d:\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*(?:(Z|UTC|GMT)|([+-])(\d\d)(?::?(\d\d))?)?$/i;

/** Local times have differed from UTC by at most this many whole hours. */
const offsetHoursMax = 15;

/**
 * Accepts minutes without seconds, a space or `t` in place of `T`, spaces around, a fraction of a second (dropped),
 * 24:00:00 (the midnight at the end of the day), and `Z` or an offset. With `Z` or an offset the text is an instant, and
 * `local` is the local time at that instant in the IANA zone `timeZone`. Returns null when the meaning is not certain, and
 * a refusal when the meaning is certain but the time does not exist.
 */
export function repairedWallClock(text: string, timeZone: string): WallClock | Refusal | null {
  const match = shape.exec(text.trim());
  if (match === null) return null;
  const [, date = '', minutes = '', seconds = '00', fraction = '', utc, sign, hours, offsetMinutes] = match;
  const isMidnight = minutes === '24:00' && seconds === '00' && !/[1-9]/.test(fraction);
  const plain = isMidnight ? midnightAfter(date) : `${date}T${minutes}:${seconds}`;
  if (isRefusal(plain)) return plain;
  if (utc === undefined && sign === undefined) return parseWallClock(plain, timeZone);
  const [hour, minute] = [Number(hours ?? 0), Number(offsetMinutes ?? 0)];
  if (hour > offsetHoursMax || minute > 59) return null;
  const inUtc = parseWallClock(plain, 'UTC');
  if (isRefusal(inUtc)) return inUtc;
  return shownAt(inUtc.instant - (sign === '-' ? -1 : 1) * (hour * 60 + minute) * 60_000, timeZone);
}

function midnightAfter(date: string): string | Refusal {
  const midnight = parseWallClock(`${date}T00:00:00`, 'UTC');
  if (isRefusal(midnight)) return midnight;
  const { year, month, day } = civilFromDay(midnight.instant / dayMs + 1);
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T00:00:00`;
}

/** Null when the local year is outside 0 to 9999. */
function shownAt(instant: number, timeZone: string): WallClock | null {
  const zoned = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone);
  const local = zoned.toPlainDateTime().toString({ smallestUnit: 'second' });
  return local.length === 'YYYY-MM-DDTHH:MM:SS'.length
    ? { local, instant, alternative: instant, irregular: false }
    : null;
}

const two = (value: number): string => String(value).padStart(2, '0');
