// Dates and times of day as text. Events and their sales are on few different days, so the texts of days are kept.

import { civilFromDay, dayMs, dayOf } from '#/domain/time/calendar.ts';

/** A table with one place for each day: a day replaces the one that was in its place. */
const places = 1024;
const days = new Float64Array(places).fill(NaN);
const texts: string[] = Array.from({ length: places }, () => '');

/** `day`: days since 1970. `YYYY-MM-DD`; a year beyond 0 to 9999 has a sign and six digits. */
export function dateOf(day: number): string {
  const place = day & (places - 1);
  if (days[place] !== day) {
    days[place] = day;
    texts[place] = textOf(day);
  }
  return texts[place] as string;
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

/** An instant in UTC, `YYYY-MM-DDTHH:MM:SSZ`: milliseconds are cut off. */
export function instantText(instant: number): string {
  const day = dayOf(instant);
  return `${dateOf(day)}T${timeOf(Math.floor((instant - day * dayMs) / 1000))}Z`;
}
