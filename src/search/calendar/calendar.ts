// The events of a query as an iCalendar object, which calendars subscribe to. Decision record 103 has the reasons.

import { civilFromDay, dayFromCivil } from '#/domain/time/calendar.ts';
import type { Edition } from '#/search/events/edition.ts';
import type { EventFilter, EventOrder } from '#/search/events/query.ts';
import { createEventWriter, rfc3339, type EventWriter } from '#/search/events/render.ts';
import { nextPage } from '#/search/events/walk.ts';
import { contentLine, escapeText } from './lines.ts';

/** The most events of a calendar: about 0.45 MB. */
export const calendarEventsMax = 2000;
/** SEQUENCE has 32 bits. */
const sequenceMax = 2 ** 31 - 1;

interface Shown {
  readonly id: string;
  readonly title: string;
  readonly start_date: string;
  readonly start_time: string | null;
  readonly end_date: string | null;
  readonly starts_at: string;
  readonly ends_at: string;
}

/** `total`: the number of events of the query; only called when they are too many for one calendar. */
export function calendarOf(
  edition: Edition,
  { filter, order }: { readonly filter: EventFilter; readonly order: EventOrder },
  total: () => number,
): Buffer {
  const refs = nextPage(edition, filter, order, null, calendarEventsMax + 1);
  const isCut = refs.length > calendarEventsMax;
  const writer = createEventWriter();
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
  for (const ref of refs.slice(0, calendarEventsMax))
    parts.push(eventLines(shownOf(edition, ref, writer), revision));
  parts.push('END:VCALENDAR\r\n');
  return Buffer.from(parts.join(''));
}

function shownOf(edition: Edition, ref: number, writer: EventWriter): Shown {
  writer.clear();
  writer.event(edition, ref, null);
  return JSON.parse(writer.written().toString('utf8')) as Shown;
}

function eventLines(event: Shown, revision: string): string {
  return (
    `BEGIN:VEVENT\r\nUID:${event.id}\r\n${revision}${timeLines(event)}` +
    contentLine(`SUMMARY:${escapeText(event.title)}`) +
    'TRANSP:TRANSPARENT\r\nEND:VEVENT\r\n'
  );
}

function timeLines({ start_date, start_time, end_date, starts_at, ends_at }: Shown): string {
  if (start_time === null) {
    const start = `DTSTART;VALUE=DATE:${compact(start_date)}\r\n`;
    // The end of days is the day after the last one.
    return end_date === null ? start : `${start}DTEND;VALUE=DATE:${compact(dayAfter(end_date))}\r\n`;
  }
  const start = `DTSTART:${compact(starts_at)}\r\n`;
  return end_date === null || ends_at <= starts_at ? start : `${start}DTEND:${compact(ends_at)}\r\n`;
}

/**
 * The same for all events of a version. A version has a place in the journal, and no time: LAST-MODIFIED counts the entries of
 * the journal as seconds since 2000, so it rises whenever SEQUENCE does, and is the same on every host.
 */
function revisionLines({ published, version }: Edition): string {
  const entries = Math.min(published?.seq ?? version, sequenceMax);
  const at = compact(rfc3339(Date.UTC(2000, 0, 1) + entries * 1000));
  return `DTSTAMP:${at}\r\nLAST-MODIFIED:${at}\r\nSEQUENCE:${entries}\r\n`;
}

const compact = (text: string): string => text.replaceAll(/[-:]/g, '');

function dayAfter(date: string): string {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  const next = civilFromDay(dayFromCivil(year, month, day) + 1);
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${String(next.year).padStart(4, '0')}-${two(next.month)}-${two(next.day)}`;
}
