// The start and end of an event. Each may be a day without a time, and the end may be absent.

import type { Facts } from '#/domain/event.ts';
import { isRefusal, refuse, type Refusal } from '#/domain/refusal.ts';
import { isDay, parseDay } from '#/domain/time/day.ts';
import { inOrder, type WallClock } from '#/domain/time/wall-clock.ts';
import type { FieldAccess } from './access.ts';
import type { RemarkCollector } from './remarks.ts';

export type EventTimes = Pick<Facts, 'startLocal' | 'endLocal' | 'start' | 'end'> & {
  readonly irregularClocks: number;
};

export function readTimes<Element>(
  event: Element,
  access: FieldAccess<Element>,
  timeZone: string,
  collector: RemarkCollector,
): EventTimes | Refusal {
  const { fields, values } = access;
  const start = readTime(event, 'start', access, timeZone, collector);
  if (isRefusal(start)) return start;
  if (values.text(event, fields.end) === null) {
    const instant = start.instant;
    const irregularClocks = Number(start.irregular);
    return { startLocal: start.local, endLocal: '', start: instant, end: instant, irregularClocks };
  }
  const end = readTime(event, 'end', access, timeZone, collector);
  if (isRefusal(end)) return end;
  const instants = isDay(start) || isDay(end) ? withinDays(start, end) : inOrder(start, end);
  if (instants.end < instants.start)
    return refuse('end_before_start', `Got the end ${end.local} before the start ${start.local}.`);
  const irregularClocks = Number(start.irregular) + Number(end.irregular);
  return { startLocal: start.local, endLocal: end.local, ...instants, irregularClocks };
}

function readTime<Element>(
  event: Element,
  field: 'start' | 'end',
  { fields, values, lenient }: FieldAccess<Element>,
  timeZone: string,
  collector: RemarkCollector,
): WallClock | Refusal {
  const text = values.text(event, fields[field]);
  const day =
    typeof text === 'string' && text.charCodeAt(dayLength) !== letterT ? parseDay(text, timeZone) : null;
  if (day === null) return lenient.clock(event, field, fields[field], timeZone, collector);
  return isRefusal(day) ? refuse(day.code, `${fields[field]}: ${day.message}`) : day;
}

const dayLength = 'YYYY-MM-DD'.length;
const letterT = 'T'.charCodeAt(0);

/** Where the other one has a time on the same day, the day compares as that time. */
function withinDays(start: WallClock, end: WallClock): { start: number; end: number } {
  const isSameDay = start.local.slice(0, dayLength) === end.local.slice(0, dayLength);
  if (end.instant >= start.instant || !isSameDay) return { start: start.instant, end: end.instant };
  const instant = isDay(start) ? end.instant : start.instant;
  return { start: instant, end: instant };
}
