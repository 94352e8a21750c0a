// Dates and times of day as text. Events and their sales are on few different days, so the texts of days are kept.

import { civilFromDay, dayFromCivil, dayMs, dayOf } from '#/domain/time/calendar.ts';

/** A table with one place for each day: a day replaces the one that was in its place. */
const places = 1024;
const days = new Float64Array(places).fill(NaN);
const texts: string[] = Array.from({ length: places }, () => '');
const dateLength = 10;
/** The same texts as bytes, if they have `dateLength` characters. */
const bytes = new Uint8Array(places * dateLength);

/** `day`: days since 1970. `YYYY-MM-DD`; a year beyond 0 to 9999 has a sign and six digits. */
export const dateOf = (day: number): string => texts[placeOf(day)] as string;

function placeOf(day: number): number {
  const place = day & (places - 1);
  if (days[place] !== day) {
    days[place] = day;
    const text = (texts[place] = textOf(day));
    for (let i = 0; i < dateLength; i++) bytes[place * dateLength + i] = text.charCodeAt(i);
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

/** Replaces the digits of a `plainClock` at `at` by those of a wall clock: seconds since 1970, as if it were of UTC. */
export function putClock(into: Uint8Array, at: number, clock: number): void {
  const day = Math.floor(clock / 86_400);
  const seconds = (clock - day * 86_400) | 0;
  const minutes = (seconds / 60) | 0;
  const hours = (minutes / 60) | 0;
  const from = placeOf(day) * dateLength;
  // A page has two hundred clocks: a loop takes twice as long.
  into[at] = bytes[from] as number;
  into[at + 1] = bytes[from + 1] as number;
  into[at + 2] = bytes[from + 2] as number;
  into[at + 3] = bytes[from + 3] as number;
  into[at + 5] = bytes[from + 5] as number;
  into[at + 6] = bytes[from + 6] as number;
  into[at + 8] = bytes[from + 8] as number;
  into[at + 9] = bytes[from + 9] as number;
  putTwo(into, at + 11, hours);
  putTwo(into, at + 14, minutes - 60 * hours);
  putTwo(into, at + 17, seconds - 60 * minutes);
}

const zero = 48;

function putTwo(into: Uint8Array, at: number, number: number): void {
  const tens = (number * 205) >> 11;
  into[at] = zero + tens;
  into[at + 1] = zero + number - 10 * tens;
}
