// A provider's local time without an offset, such as `2021-06-30T21:00:00`. The provider's time zone gives the instant.

import { dayFromCivil, dayMs, daysInMonth } from './calendar.ts';
import { beginsAsLocalTime, plainLength, twoAt } from './local-time.ts';
import { offsetOn } from './zone-offset.ts';
import { refuse, shown, type Refusal } from '#/domain/refusal.ts';
import { Temporal } from './temporal.ts';

export interface WallClock {
  /** `YYYY-MM-DDTHH:MM:SS`. */
  readonly local: string;
  /** Milliseconds since 1970 UTC. */
  readonly instant: number;
  /** A clock change makes this local time not exist (set forward) or exist twice (set back). */
  readonly irregular: boolean;
  /** The other possible instant of an irregular clock; otherwise equal to `instant`. */
  readonly alternative: number;
}

/** Parses a wall clock in the IANA zone `timeZone`. Temporal's `compatible` rule resolves an irregular one. */
export function parseWallClock(text: string, timeZone: string): WallClock | Refusal {
  if (!hasShape(text)) {
    return refuse(
      'date_unreadable',
      `Got ${shown(text)}, expected a local time like 2021-06-30T21:00:00 without offset.`,
    );
  }
  const year = twoAt(text, 0) * 100 + twoAt(text, 2);
  const [month, day] = [twoAt(text, 5), twoAt(text, 8)];
  const [hour, minute, second] = [twoAt(text, 11), twoAt(text, 14), twoAt(text, 17)];
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) {
    return refuse('date_impossible', `Got ${shown(text)}, expected a day that exists in the calendar.`);
  }
  if (hour > 23 || minute > 59 || second > 59) {
    return refuse('time_impossible', `Got ${shown(text)}, expected a time between 00:00:00 and 23:59:59.`);
  }
  const local = text.length === plainLength ? text : text.slice(0, plainLength);
  const civilDay = dayFromCivil(year, month, day);
  const offset = offsetOn(civilDay, timeZone);
  if (!Number.isNaN(offset)) {
    const instant = civilDay * dayMs + ((hour * 60 + minute) * 60 + second) * 1000 - offset;
    return { local, instant, irregular: false, alternative: instant };
  }
  const wall = new Temporal.PlainDateTime(year, month, day, hour, minute, second);
  const earlier = wall.toZonedDateTime(timeZone, { disambiguation: 'earlier' }).epochMilliseconds;
  const later = wall.toZonedDateTime(timeZone, { disambiguation: 'later' }).epochMilliseconds;
  if (earlier === later) return { local, instant: earlier, irregular: false, alternative: earlier };
  const instant = wall.toZonedDateTime(timeZone).epochMilliseconds;
  return { local, instant, irregular: true, alternative: instant === earlier ? later : earlier };
}

/** A fraction of zeros may follow, and the numbers may be too large. */
const hasShape = (text: string): boolean =>
  beginsAsLocalTime(text) && (text.length === plainLength || /^\.0+$/.test(text.slice(plainLength)));

/**
 * Start and end of one event. The `compatible` rule may put the end before the start. Then an end in a repeated hour is
 * the later of its two instants, or a start in a skipped hour is the earlier of its two.
 */
export function inOrder(start: WallClock, end: WallClock): { start: number; end: number } {
  if (end.instant < start.instant) {
    if (end.alternative >= start.instant) return { start: start.instant, end: end.alternative };
    if (end.local >= start.local && start.alternative <= end.instant)
      return { start: start.alternative, end: end.instant };
  }
  return { start: start.instant, end: end.instant };
}

/** Whether the runtime has the zone: `Europe/Madrid` yes, `Mars/Olympus` no. */
export function isTimeZone(name: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
}
