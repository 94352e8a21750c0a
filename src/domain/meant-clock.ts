// Local times that are not written as they should be, but leave no doubt about what is meant.

import { civilFromDay, dayMs } from './calendar.ts';
import { isRefusal, type Refusal } from './refusal.ts';
import { Temporal } from './temporal.ts';
import { parseWallClock, type WallClock } from './wall-clock.ts';

const shape =
  /^(\d{4}-\d\d-\d\d)(?:T|\s+)(\d\d:\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*(?:(Z|UTC|GMT)|([+-])(\d\d)(?::?(\d\d))?)?$/i;

/** Of what clocks ever showed against UTC. */
const offsetHoursMax = 15;

/**
 * Reads minutes only, a blank or a small letter for the `T`, blanks around, a fraction of a second (left out), 24:00:00
 * (the midnight that ends the day) and `Z` or an offset: that is an instant, and `local` is what the clock on the wall
 * shows then in the IANA zone `timeZone`. Null when there is a doubt; a refusal when there is none that it cannot be.
 */
export function meantWallClock(text: string, timeZone: string): WallClock | Refusal | null {
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

/** Null beyond the years that a local time can tell. */
function shownAt(instant: number, timeZone: string): WallClock | null {
  const zoned = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone);
  const local = zoned.toPlainDateTime().toString({ smallestUnit: 'second' });
  return local.length === 'YYYY-MM-DDTHH:MM:SS'.length
    ? { local, instant, alternative: instant, irregular: false }
    : null;
}

const two = (value: number): string => String(value).padStart(2, '0');
