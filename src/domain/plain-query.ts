// Parses the usual forms of a query character by character and allocates nothing but the range. A query in another form is
// not refused here: query.ts parses it more slowly, accepts every form, and reports what is wrong.
//
//   starts_at=2021-07-21T17:32:28Z&ends_at=2021-07-22      either or both, in either order, each once
//
// Instants follow instant.ts, in UTC. The colons may be escaped, as URLSearchParams does.

import { dayFromCivil, dayMs, daysInMonth } from './time/calendar.ts';
import type { Range } from './range.ts';

const zero = 48;
const startsAt = 'starts_at=';
const endsAt = 'ends_at=';

/** The offset behind the instant that was parsed last. */
let at = 0;

/** Null when the query is not in one of the usual forms. */
export function parsePlainQuery(query: string): Range | null {
  let start = -Infinity;
  let end = Infinity;
  for (at = 0; at < query.length; at++) {
    if (start === -Infinity && query.startsWith(startsAt, at)) {
      at += startsAt.length;
      start = readInstant(query, true);
    } else if (end === Infinity && query.startsWith(endsAt, at)) {
      at += endsAt.length;
      end = readInstant(query, false);
    } else return null;
    // The next character is the end of the query, or the ampersand before the other parameter.
    if (at < query.length && (query.charCodeAt(at) !== 38 || at === query.length - 1)) return null;
  }
  // A bound that could not be parsed is NaN, and every comparison with NaN is false.
  return start <= end ? { start, end } : null;
}

/** NaN for any other form; moves `at` behind the instant. */
function readInstant(text: string, isStart: boolean): number {
  const year = readTwo(text, at) * 100 + readTwo(text, at + 2);
  const month = readTwo(text, at + 5);
  const day = readTwo(text, at + 8);
  const dashes = text.charCodeAt(at + 4) === 45 && text.charCodeAt(at + 7) === 45;
  if (!dashes || !(month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month)))
    return Number.NaN;
  const midnight = dayFromCivil(year, month, day) * dayMs;
  at += 10;
  if (text.charCodeAt(at) !== 84) return isStart ? midnight : midnight + dayMs - 1;
  const hour = readTwo(text, at + 1);
  at += 3;
  const minute = readColonAndTwo(text);
  const second = readColonAndTwo(text);
  if (!(hour <= 23 && minute <= 59 && second <= 59)) return Number.NaN;
  const fraction = text.charCodeAt(at) === 46 ? readMilliseconds(text) : 0;
  if (text.charCodeAt(at) === 90) at++;
  return midnight + ((hour * 60 + minute) * 60 + second) * 1000 + fraction;
}

function readColonAndTwo(text: string): number {
  if (text.charCodeAt(at) === 58) at++;
  else if (
    text.charCodeAt(at) === 37 &&
    text.charCodeAt(at + 1) === 51 &&
    (text.charCodeAt(at + 2) | 32) === 97
  )
    at += 3;
  else return Number.NaN;
  at += 2;
  return readTwo(text, at - 2);
}

/** Exactly three digits, as JavaScript writes them. Other fractions are left to query.ts. */
function readMilliseconds(text: string): number {
  const milliseconds = readTwo(text, at + 1) * 10 + readDigit(text, at + 3);
  at += 4;
  return milliseconds;
}

const readTwo = (text: string, from: number): number =>
  readDigit(text, from) * 10 + readDigit(text, from + 1);

function readDigit(text: string, from: number): number {
  const digit = text.charCodeAt(from) - zero;
  return digit >= 0 && digit <= 9 ? digit : Number.NaN;
}
