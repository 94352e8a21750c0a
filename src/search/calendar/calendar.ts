// The events of a query as an iCalendar object, which calendars subscribe to. Decision record 103 has the reasons.

import { dayFromCivil } from '#/domain/time/calendar.ts';
import type { DetailedSegment, Edition } from '#/search/events/edition.ts';
import type { EventFilter, EventOrder } from '#/search/events/query.ts';
import { placeOf, segmentOf } from '#/search/events/refs.ts';
import { rfc3339 } from '#/snapshot/clock-text.ts';
import { nextPage } from '#/search/events/walk.ts';
import { dateOf } from '#/snapshot/clock-text.ts';
import { layerOf, ordinalOf } from '#/snapshot/places.ts';
import { contentLine, escapeText } from './lines.ts';

/** The most events of a calendar: about 0.45 MB. */
export const calendarEventsMax = 2000;
/** SEQUENCE has 32 bits. */
const sequenceMax = 2 ** 31 - 1;

/** Of an event: what a calendar shows. */
interface Shown {
  readonly id: string;
  readonly title: string;
  readonly start_date: string;
  readonly start_time: string | null;
  readonly end_date: string | null;
}

/** `total`: the number of events of the query; only called when they are too many for one calendar. */
export function calendarOf(
  edition: Edition,
  { filter, order }: { readonly filter: EventFilter; readonly order: EventOrder },
  total: () => number,
): Buffer {
  const refs = nextPage(edition, filter, order, null, calendarEventsMax + 1);
  const isCut = refs.length > calendarEventsMax;
  const revision = revisionLines(edition);
  const parts = [
    'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Marquee//Events//EN\r\nCALSCALE:GREGORIAN\r\n',
    'NAME:Marquee\r\nX-WR-CALNAME:Marquee\r\nREFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n',
  ];
  if (isCut) {
    const note = `These are the first ${calendarEventsMax} of ${total()} events. Add parameters to the address to see fewer.`;
    parts.push(
      contentLine(`DESCRIPTION:${escapeText(note)}`),
      contentLine(`X-WR-CALDESC:${escapeText(note)}`),
    );
  }
  for (const ref of refs.slice(0, calendarEventsMax)) parts.push(eventLines(edition, ref, revision));
  parts.push('END:VCALENDAR\r\n');
  return Buffer.from(parts.join(''));
}

function eventLines({ segments }: Edition, ref: number, revision: string): string {
  const segment = segments[segmentOf(ref)] as DetailedSegment;
  const { starts, ends, text, textAt } = layerOf(segment, placeOf(ref));
  const ordinal = ordinalOf(segment, placeOf(ref));
  // Without the comma before it.
  const summary = text.toString('utf8', (textAt[ordinal] as number) + 1, textAt[ordinal + 1]);
  const event = JSON.parse(summary) as Shown;
  return (
    `BEGIN:VEVENT\r\nUID:${event.id}\r\n${revision}` +
    timeLines(event, starts[ordinal] as number, ends[ordinal] as number) +
    contentLine(`SUMMARY:${escapeText(event.title)}`) +
    'TRANSP:TRANSPARENT\r\nEND:VEVENT\r\n'
  );
}

function timeLines({ start_date, start_time, end_date }: Shown, startsAt: number, endsAt: number): string {
  if (start_time === null) {
    const start = `DTSTART;VALUE=DATE:${compact(start_date)}\r\n`;
    // The end of days is the day after the last one.
    return end_date === null ? start : `${start}DTEND;VALUE=DATE:${compact(dayAfter(end_date))}\r\n`;
  }
  const start = `DTSTART:${utc(startsAt)}\r\n`;
  return end_date === null || endsAt <= startsAt ? start : `${start}DTEND:${utc(endsAt)}\r\n`;
}

/**
 * The same for all events of a version. A version has a place in the journal, and no time: LAST-MODIFIED counts the entries of
 * the journal as seconds since 2000, so it rises whenever SEQUENCE does, and is the same on every host.
 */
function revisionLines({ published, version }: Edition): string {
  const entries = Math.min(published?.seq ?? version, sequenceMax);
  const at = utc(Date.UTC(2000, 0, 1) + entries * 1000);
  return `DTSTAMP:${at}\r\nLAST-MODIFIED:${at}\r\nSEQUENCE:${entries}\r\n`;
}

/** `20210630T190000Z`. */
const utc = (instant: number): string => compact(rfc3339(instant));

const compact = (text: string): string => text.replaceAll('-', '').replaceAll(':', '');

function dayAfter(date: string): string {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  return dateOf(dayFromCivil(year, month, day) + 1);
}
