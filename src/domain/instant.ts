// Parses the instants of a query: RFC 3339 with a few unambiguous variations.

import { dayFromCivil, dayMs, daysInMonth } from './calendar.ts';
import { refuse, shown, type Refusal } from './refusal.ts';

/** The bound decides which instant of a whole day a date means, and in which direction a fraction is rounded. */
export type Bound = 'start' | 'end';

const shape =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt +](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:([Zz])|([-+ ])(\d\d):(\d\d))?)?$/;

/**
 * Returns milliseconds since 1970 UTC. Text without an offset is in UTC. A date alone means its first instant as a start
 * and its last as an end. A space in place of `+` is an unescaped plus and is accepted. Fractions of a millisecond are
 * rounded towards the inside of the range; this selects the same events, because events have whole seconds.
 */
export function parseInstant(text: string, bound: Bound): number | Refusal {
  const match = shape.exec(text);
  if (match === null) {
    return refuse(
      'instant_unreadable',
      `Got ${shown(text)}, expected an RFC 3339 instant like 2021-07-21T17:32:28Z.`,
    );
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
  if (hour > 23 || minute > 59 || second > 60 || offsetHour > 23 || offsetMinute > 59) {
    return refuse('time_impossible', `Got ${shown(text)}, expected a time between 00:00:00 and 23:59:59.`);
  }
  const offset = (offsetHour * 60 + offsetMinute) * (match[9] === '-' ? -60_000 : 60_000);
  const fraction = fractionMs(match[7], bound);
  // A leap second (:60) is read as second 59, as Temporal does.
  return midnight + ((hour * 60 + minute) * 60 + Math.min(second, 59)) * 1000 + fraction - offset;
}

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
