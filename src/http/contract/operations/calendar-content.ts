import * as z from 'zod';

const example = `BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//Marquee//Events//EN\r
BEGIN:VEVENT\r
UID:836028ef-6686-53de-819e-a7dcfe44d417\r
DTSTAMP:20210101T100000Z\r
LAST-MODIFIED:20210101T100000Z\r
SEQUENCE:1000\r
DTSTART:20210210T190000Z\r
DTEND:20210210T203000Z\r
SUMMARY:The Night Tram\r
TRANSP:TRANSPARENT\r
END:VEVENT\r
END:VCALENDAR\r
`;

/** The content of an answer that is a calendar. */
export const calendarContent = {
  'text/calendar': {
    schema: z.string().meta({ description: 'An iCalendar object of RFC 5545.' }),
    example,
  },
} as const;
