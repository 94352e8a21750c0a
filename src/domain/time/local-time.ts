// Checks that a text is a local time of the form `YYYY-MM-DDTHH:MM:SS` and that its date exists. It compares digit by digit
// instead of parsing, because a feed has millions of local times whose instant is not needed.

import { daysInMonth } from './calendar.ts';

const zero = 48;

export function isPlainLocalTime(text: string): boolean {
  if (text.length !== plainLength || !beginsAsLocalTime(text)) return false;
  const [month, day] = [twoAt(text, 5), twoAt(text, 8)];
  if (month < 1 || month > 12 || day < 1) return false;
  if (day > 28 && day > daysInMonth(twoAt(text, 0) * 100 + twoAt(text, 2), month)) return false;
  return twoAt(text, 11) < 24 && twoAt(text, 14) < 60 && twoAt(text, 17) < 60;
}

/** Whether digits and marks are where a local time has them; the numbers may be too large, and more may follow. */
export function beginsAsLocalTime(text: string): boolean {
  if (text.length < plainLength) return false;
  for (let i = 0; i < plainLength; i++) {
    const code = text.charCodeAt(i);
    const mark = marks.charCodeAt(i);
    if (mark === zero ? code < zero || code > zero + 9 : code !== mark) return false;
  }
  return true;
}

const marks = '0000-00-00T00:00:00';
export const plainLength = marks.length;

/** The number of the two digits at an offset. */
export const twoAt = (text: string, at: number): number =>
  (text.charCodeAt(at) - zero) * 10 + text.charCodeAt(at + 1) - zero;
