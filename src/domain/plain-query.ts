// The usual forms of a query, read character by character: nothing is cut out of it, nothing is made but the range. What is
// not plain is no fault, it only goes the longer way (query.ts), which reads every form and says what is wrong.
//
//   starts_at=2021-07-21T17:32:28Z&ends_at=2021-07-22      either or both, in either order, each once
//
// Instants as instant.ts reads them, in UTC; the colons may be escaped, as URLSearchParams does it.

import { dayFromCivil, dayMs, daysInMonth } from './calendar.ts';
import type { Range } from './range.ts';

const zero = 48;
const startsAt = 'starts_at=';
const endsAt = 'ends_at=';

/** Where the instant that was read last ends. */
let at = 0;

/** Null when it is not plain. */
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
    // Here stands the end, or the ampersand before the other parameter.
    if (at < query.length && (query.charCodeAt(at) !== 38 || at === query.length - 1)) return null;
  }
  // What could not be read is NaN, which is not in order with anything.
  return start <= end ? { start, end } : null;
}

/** NaN for what is not plain; leaves `at` behind what it has read. */
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

/** Three digits, as JavaScript writes them; other fractions are not plain. */
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
