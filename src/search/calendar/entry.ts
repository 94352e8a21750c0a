// One event of a calendar, a VEVENT. Decision record 113 has the reasons for its revision.

import { dayFromCivil, dayMs, dayOf } from '#/domain/time/calendar.ts';
import type { DetailedSegment } from '#/search/events/edition.ts';
import { dateOf } from '#/snapshot/clock-text.ts';
import type { Details } from '#/snapshot/details.ts';
import { layerOf, ordinalOf } from '#/snapshot/places.ts';
import { statusAt } from '#/snapshot/statuses.ts';
import { contentLine, escapeJson } from './lines.ts';

// Where the parts of the text of an event are: `,{"id":"…","title":"…","start_date":"…","start_time":…`. Within a title, a quote
// has a backslash before it and none behind it, so that no title contains `afterTitle`.
const idAt = ',{"id":"'.length;
const titleAt = idAt + 36 + '","title":"'.length;
const afterTitle = '","start_date":"';
const dateLength = 'YYYY-MM-DD'.length;
const beforeTime = '","start_time":'.length;
const [none, quote] = ['n', '"'];
const afterTime = { day: 'null,"end_date":'.length, time: '"HH:MM:SS","end_date":'.length };

/** The lines of the event, one character per byte. `sequence`: see `sequenceLine`. */
export function entryOf(segment: DetailedSegment, place: number, sequence: string): string {
  const { starts, ends, text, textAt } = layerOf(segment, place);
  const ordinal = ordinalOf(segment, place);
  const json = text.toString('latin1', textAt[ordinal], textAt[ordinal + 1]);
  const titleEnd = json.indexOf(afterTitle, titleAt);
  const title = escapeJson(json.slice(titleAt, titleEnd));
  const { details } = segment;
  return (
    'BEGIN:VEVENT\r\nUID:' +
    json.slice(idAt, idAt + 36) +
    revisionLines(details, place) +
    sequence +
    timeLines(json, titleEnd + afterTitle.length, starts[ordinal] as number, ends[ordinal] as number) +
    (details.statuses === null ? '' : statusLine(details, place)) +
    contentLine('SUMMARY:' + title) +
    'TRANSP:TRANSPARENT\r\nEND:VEVENT\r\n'
  );
}

/** The same for all events of a version. `entries`: the place in the journal up to which it goes. */
export const sequenceLine = (entries: number): string => `SEQUENCE:${Math.min(entries, sequenceMax)}\r\n`;

/** SEQUENCE has 32 bits. */
const sequenceMax = 2 ** 31 - 1;

/** Events that changed in the same feed run follow each other. */
let lastChange = { seconds: -1, lines: '' };

function revisionLines({ changedAt }: Details, place: number): string {
  const seconds = changedAt === null ? 0 : (changedAt[place] as number);
  if (lastChange.seconds === seconds) return lastChange.lines;
  const at = utc(seconds * 1000);
  // DTSTAMP is required.
  const lines = `\r\nDTSTAMP:${at}\r\n${seconds === 0 ? '' : `LAST-MODIFIED:${at}\r\n`}`;
  lastChange = { seconds, lines };
  return lines;
}

/** A calendar has no word for an event that is postponed: a date that is not certain is the nearest. */
function statusLine(details: Details, place: number): string {
  const status = statusAt(details, place);
  if (status === 'cancelled') return 'STATUS:CANCELLED\r\n';
  if (status === 'postponed') return 'STATUS:TENTATIVE\r\n';
  return status === 'rescheduled' ? 'STATUS:CONFIRMED\r\n' : '';
}

/** `dateAt`: where the date of the start is in the text. */
function timeLines(json: string, dateAt: number, startsAt: number, endsAt: number): string {
  const timeAt = dateAt + dateLength + beforeTime;
  const isDay = json[timeAt] === none;
  const endAt = timeAt + (isDay ? afterTime.day : afterTime.time);
  const hasEnd = json[endAt] === quote;
  if (!isDay) {
    const start = 'DTSTART:' + utc(startsAt) + '\r\n';
    return hasEnd && endsAt > startsAt ? start + 'DTEND:' + utc(endsAt) + '\r\n' : start;
  }
  const start = `DTSTART;VALUE=DATE:${compact(json.slice(dateAt, dateAt + dateLength))}\r\n`;
  if (!hasEnd) return start;
  // The end of days is the day after the last one.
  const end = dayAfter(json.slice(endAt + 1, endAt + 1 + dateLength));
  return `${start}DTEND;VALUE=DATE:${compact(end)}\r\n`;
}

const compact = (text: string): string => text.replaceAll('-', '').replaceAll(':', '');

function dayAfter(date: string): string {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  return dateOf(dayFromCivil(year, month, day) + 1);
}

const secondMs = 1000;
const twos: readonly string[] = Array.from({ length: 60 }, (_, i) => String(i).padStart(2, '0'));
let lastDay = { day: Number.NaN, text: '' };

/** `20210630T190000Z`. */
function utc(instant: number): string {
  const day = dayOf(instant);
  if (day !== lastDay.day) lastDay = { day, text: `${compact(dateOf(day))}T` };
  const seconds = Math.floor((instant - day * dayMs) / secondMs);
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) - hours * 60;
  return lastDay.text + twos[hours] + twos[minutes] + twos[seconds % 60] + 'Z';
}
