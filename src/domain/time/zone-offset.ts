// The offset of a time zone on days without a clock change. A feed has millions of local times on the same few hundred days, and
// Temporal takes several times as long for one of them as the rest of its event.

import { dayMs } from './calendar.ts';
import { Temporal } from './temporal.ts';

/** No local time of a day is farther from the same time in UTC: offsets are less than 16 hours. */
const marginMs = 36 * 3_600_000;
/** Feeds choose the days, and configurations the zones. */
const daysMax = 8192;
const zonesMax = 64;

const known = new Map<string, Map<number, number>>();

/**
 * The offset from UTC, in milliseconds, that holds on the whole local day and more than a day before and after it; NaN when the
 * zone changes its clocks in that time. `day`: since 1970, as a calendar in the IANA zone `timeZone` shows it. Throws RangeError for a zone
 * that the runtime does not have.
 */
export function offsetOn(day: number, timeZone: string): number {
  if (timeZone === 'UTC') return 0;
  let days = known.get(timeZone);
  if (days === undefined) {
    if (known.size >= zonesMax) known.clear();
    known.set(timeZone, (days = new Map()));
  }
  let offset = days.get(day);
  if (offset === undefined) {
    if (days.size >= daysMax) days.clear();
    days.set(day, (offset = constantOffset(day, timeZone)));
  }
  return offset;
}

function constantOffset(day: number, timeZone: string): number {
  const before = Temporal.Instant.fromEpochMilliseconds(day * dayMs - marginMs).toZonedDateTimeISO(timeZone);
  const change = before.getTimeZoneTransition('next');
  const ends = (day + 1) * dayMs + marginMs;
  return change === null || change.epochMilliseconds > ends ? before.offsetNanoseconds / 1e6 : Number.NaN;
}
