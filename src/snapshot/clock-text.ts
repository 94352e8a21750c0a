// Dates and times of day as text. Events and their sales are on few different days, so the texts of days are kept.

import { civilFromDay, dayFromCivil, dayMs, dayOf } from '#/domain/time/calendar.ts';

/** A table with one place for each day: a day replaces the one that was in its place. */
const places = 1024;
const days = new Float64Array(places).fill(NaN);
const texts: string[] = Array.from({ length: places }, () => '');
/** The same texts as bytes, if they have ten characters: the first eight as one number, and the last two as one. */
const yearsAndMonths = new Float64Array(places);
const daysOfMonths = new Uint16Array(places);

/** As many characters as a number has bytes. No number of digits, hyphens and colons is NaN, of which a copy may differ. */
const eightOf = (text: string): number => Buffer.from(text, 'latin1').readDoubleLE();
const twoOf = (text: string): number => Buffer.from(text, 'latin1').readUInt16LE();

/** `day`: days since 1970. `YYYY-MM-DD`; a year beyond 0 to 9999 has a sign and six digits. */
export const dateOf = (day: number): string => texts[placeOf(day)] as string;

function placeOf(day: number): number {
  const place = day & (places - 1);
  if (days[place] !== day) {
    days[place] = day;
    const text = (texts[place] = textOf(day));
    yearsAndMonths[place] = eightOf(text);
    daysOfMonths[place] = twoOf(text.slice(8));
  }
  return place;
}

function textOf(day: number): string {
  const { year, month, day: dayOfMonth } = civilFromDay(day);
  const isPlain = year >= 0 && year <= 9999;
  const sign = year < 0 ? '-' : isPlain ? '' : '+';
  const years = String(Math.abs(year)).padStart(isPlain ? 4 : 6, '0');
  return `${sign}${years}-${two(month)}-${two(dayOfMonth)}`;
}

const twos: readonly string[] = Array.from({ length: 100 }, (_, i) => String(i).padStart(2, '0'));
const two = (number: number): string => twos[number] as string;

/** `HH:MM:SS`, from seconds since midnight. */
export const timeOf = (seconds: number): string =>
  two(Math.floor(seconds / 3600)) + ':' + two(Math.floor(seconds / 60) % 60) + ':' + two(seconds % 60);

/** An instant in UTC. Events have whole seconds. A year beyond 0 to 9999 has a sign and six digits. */
export function rfc3339(instant: number): string {
  const day = dayOf(instant);
  const seconds = Math.floor((instant - day * dayMs) / 1000);
  return `${dateOf(day)}T${timeOf(seconds)}Z`;
}

const [plainFrom, plainTo] = [dayFromCivil(0, 1, 1) * dayMs, dayFromCivil(10_000, 1, 1) * dayMs];

/** Whether the text of an instant has the length of `plainClock`. */
export const isPlain = (instant: number): boolean => instant >= plainFrom && instant < plainTo;

export const plainClock = '0000-00-00T00:00:00';

const minutesPerDay = 1440;
/** `HH:MM:00` as one number, by minute of the day; and two digits as one. */
const minutes = Float64Array.from({ length: minutesPerDay }, (_, minute) => eightOf(timeOf(60 * minute)));
const twoDigits = Uint16Array.from(twos, twoOf);

/** Replaces the digits of a `plainClock` at `at` by those of a wall clock: seconds since 1970, as if it were of UTC. */
export function putClock(into: DataView, at: number, clock: number): void {
  const day = Math.floor(clock / 86_400);
  const seconds = (clock - day * 86_400) | 0;
  const minute = (seconds / 60) | 0;
  const place = placeOf(day);
  into.setFloat64(at, yearsAndMonths[place] as number, true);
  into.setUint16(at + 8, daysOfMonths[place] as number, true);
  into.setFloat64(at + 11, minutes[minute] as number, true);
  const rest = seconds - 60 * minute;
  if (rest !== 0) into.setUint16(at + 17, twoDigits[rest] as number, true);
}
