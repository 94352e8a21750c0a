// The events of a query, or one event, as an iCalendar object, which calendars read. Decision record 103 has the reasons.

import type { DetailedSegment, Edition } from '#/search/events/edition.ts';
import type { EventFilter, EventOrder } from '#/search/events/query.ts';
import { placeOf, segmentOf } from '#/search/events/refs.ts';
import { nextPage } from '#/search/events/walk.ts';
import { entryOf, sequenceLine } from './entry.ts';
import { contentLine, escapeText } from './lines.ts';

/** The most events of a calendar: about 0.45 MB. */
export const calendarEventsMax = 2000;

const head = 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Marquee//Events//EN\r\nCALSCALE:GREGORIAN\r\n';
const subscription = 'NAME:Marquee\r\nX-WR-CALNAME:Marquee\r\nREFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n';
const foot = 'END:VCALENDAR\r\n';

/** `total`: the number of events of the query; only called when they are too many for one calendar. */
export function calendarOf(
  edition: Edition,
  { filter, order }: { readonly filter: EventFilter; readonly order: EventOrder },
  total: () => number,
): Buffer {
  const refs = nextPage(edition, filter, order, null, calendarEventsMax + 1);
  const isCut = refs.length > calendarEventsMax;
  const sequence = sequenceOf(edition);
  let text = head + subscription;
  if (isCut) {
    const note = `These are the first ${calendarEventsMax} of ${total()} events. Add parameters to the address to see fewer.`;
    text += contentLine(`DESCRIPTION:${escapeText(note)}`) + contentLine(`X-WR-CALDESC:${escapeText(note)}`);
  }
  const count = Math.min(refs.length, calendarEventsMax);
  for (let i = 0; i < count; i++) {
    const ref = refs[i] as number;
    text += entryOf(edition.segments[segmentOf(ref)] as DetailedSegment, placeOf(ref), sequence);
  }
  return Buffer.from(text + foot, 'latin1');
}

/** One event. */
export const eventCalendarOf = (edition: Edition, segment: DetailedSegment, place: number): Buffer =>
  Buffer.from(head + entryOf(segment, place, sequenceOf(edition)) + foot, 'latin1');

const sequenceOf = ({ published, version }: Edition): string => sequenceLine(published?.seq ?? version);
