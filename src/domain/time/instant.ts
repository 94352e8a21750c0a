// Parses the instants of a query: RFC 3339 with a few unambiguous variations.

import { dayFromCivil, dayMs, daysInMonth } from './calendar.ts';
import { refuse, shown, type Refusal } from '#/domain/refusal.ts';

/** The forms that `parseInstant` reads: one example of each. */
export const instantForms = [
  '2021-07-21T17:32:28Z',
  '2021-07-21T19:32:28+02:00',
  '2021-07-21T17:32:28 or 2021-07-21 17:32:28 (both UTC)',
  '2021-07-21T17:32:28.123456789Z',
  '2021-07-21 (the whole day in UTC)',
] as const;
const expectedInstant = `expected an instant in one of the forms ${instantForms.join(', ')}`;

/** The bound decides which instant of a whole day a date means, and in which direction a fraction is rounded. */
export type Bound = 'start' | 'end';

const shape =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt +](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:([Zz])|([-+ ])(\d\d):(\d\d))?)?$/;

/** The form of an instant, for a description: an instant in this form may still be impossible, such as 31 September. */
export const instantPattern = shape.source;

/**
 * Returns milliseconds since 1970 UTC. Text without an offset is in UTC. A date alone means its first instant as a start
 * and its last as an end. A space in place of `+` is an unescaped plus and is accepted; so is a space in place of `T`.
 * Fractions of a millisecond are rounded towards the inside of the range; this selects the same events, because events have
 * whole seconds.
 */
export function parseInstant(text: string, bound: Bound): number | Refusal {
  const match = shape.exec(text);
  if (match === null) {
    return refuse('instant_unreadable', `Got ${shown(text)}, ${expectedInstant}.`);
  }
  const [, yearText, monthText, dayText, hourText] = match;
  const [year, month, day] = [Number(yearText), Number(monthText), Number(dayText)];
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) {
    return refuse('date_impossible', `Got ${shown(text)}, expected a day that exists in the calendar.`);
  }
  const midnight = dayFromCivil(year, month, day) * dayMs;
  if (hourText === undefined) return bound === 'start' ? midnight : midnight + dayMs - 1;

  const [hour, minute, second] = [Number(hourText), Number(match[5]), Number(match[6])];
  const [offsetHour, offsetMinute] = [Number(match[10] ?? 0), Number(match[11] ?? 0)];
  if (offsetHour > 23 || offsetMinute > 59)
    return refuse('time_impossible', `Got ${shown(text)}, expected an offset from -23:59 to +23:59.`);
  const offset = (offsetHour * 60 + offsetMinute) * (match[9] === '-' ? -60_000 : 60_000);
  const minutes = hour * 60 + minute;
  const isLeapSecond = second === 60 && isLastOfDay(minutes * 60_000 - offset);
  if (hour > 23 || minute > 59 || (second > 59 && !isLeapSecond)) {
    const expected = 'expected a time from 00:00:00 to 23:59:59, or 23:59:60 in UTC, a leap second';
    return refuse('time_impossible', `Got ${shown(text)}, ${expected}.`);
  }
  const fraction = fractionMs(match[7], bound);
  // A leap second is read as second 59, as Temporal does.
  return midnight + (minutes * 60 + Math.min(second, 59)) * 1000 + fraction - offset;
}

/** Whether the minute, in milliseconds of a day in UTC, is 23:59: RFC 3339 allows a leap second only there. */
const isLastOfDay = (ms: number): boolean => (ms + dayMs) % dayMs === dayMs - 60_000;

const dateLength = 'YYYY-MM-DD'.length;

/** The nanoseconds after the last whole millisecond of a valid instant; `parseInstant` does not keep them. */
export function nanosecondsCut(text: string, bound: Bound): number {
  if (text.length === dateLength) return bound === 'start' ? 0 : 999_999;
  const digits = /\.\d{3}(\d{1,6})/.exec(text)?.[1];
  return digits === undefined ? 0 : Number(digits.padEnd(6, '0'));
}

function fractionMs(digits: string | undefined, bound: Bound): number {
  if (digits === undefined) return 0;
  const nanoseconds = Number(digits.padEnd(9, '0'));
  return bound === 'start' ? Math.ceil(nanoseconds / 1e6) : Math.floor(nanoseconds / 1e6);
}
