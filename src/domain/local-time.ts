// Whether a text is a local time in its plain form, `YYYY-MM-DDTHH:MM:SS`, that the calendar has. Digit by digit: a feed has
// millions of them whose instant nobody asks for.

import { daysInMonth } from './calendar.ts';

const nought = 48;

export function isPlainLocalTime(text: string): boolean {
  if (text.length !== 19) return false;
  for (let i = 0; i < 19; i++) {
    const code = text.charCodeAt(i);
    const mark = marks.charCodeAt(i);
    if (mark === nought ? code < nought || code > nought + 9 : code !== mark) return false;
  }
  const [month, day] = [twoAt(text, 5), twoAt(text, 8)];
  if (month < 1 || month > 12 || day < 1) return false;
  if (day > 28 && day > daysInMonth(twoAt(text, 0) * 100 + twoAt(text, 2), month)) return false;
  return twoAt(text, 11) < 24 && twoAt(text, 14) < 60 && twoAt(text, 17) < 60;
}

const marks = '0000-00-00T00:00:00';

const twoAt = (text: string, at: number): number =>
  (text.charCodeAt(at) - nought) * 10 + text.charCodeAt(at + 1) - nought;
