// The instants at the edges of what a query may say: each is read as one instant, or refused with a message that is true of it.

import test from 'ava';
import { instantForms, parseInstant } from '#/domain/time/instant.ts';
import { parseQuery } from '#/domain/query.ts';
import { isRefusal } from '#/domain/refusal.ts';

/** By what is sent as `starts_at`: the instant, or the code of the refusal. */
const table: Record<string, string> = {
  // Time of day
  '2021-06-30T00:00:00Z': '2021-06-30T00:00:00.000Z',
  '2021-06-30T23:59:59Z': '2021-06-30T23:59:59.000Z',
  '2021-06-30T24:00:00Z': 'time_impossible',
  '2021-06-30T23:60:00Z': 'time_impossible',
  '2021-06-30T99:00:00Z': 'time_impossible',
  // Leap seconds: RFC 3339 has them at 23:59:60 in UTC only
  '2021-06-30T23:59:60Z': '2021-06-30T23:59:59.000Z',
  '2021-06-30T23:59:60': '2021-06-30T23:59:59.000Z',
  '2021-06-30T23:59:60.5Z': '2021-06-30T23:59:59.500Z',
  '2021-07-01T01:59:60+02:00': '2021-06-30T23:59:59.000Z',
  '2021-06-30T18:59:60-05:00': '2021-06-30T23:59:59.000Z',
  '2021-06-30T00:00:60+00:01': '2021-06-29T23:59:59.000Z',
  '2021-06-30T23:59:61Z': 'time_impossible',
  '2021-06-30T12:00:60Z': 'time_impossible',
  '2021-06-30T23:58:60Z': 'time_impossible',
  '2021-06-30T00:00:60Z': 'time_impossible',
  '2021-06-30T23:59:60+02:00': 'time_impossible',
  '2021-06-30T24:59:60+01:00': 'time_impossible',
  // Offsets
  '2021-06-30T12:00:00+00:00': '2021-06-30T12:00:00.000Z',
  '2021-06-30T12:00:00-00:00': '2021-06-30T12:00:00.000Z',
  '2021-06-30T12:00:00+23:59': '2021-06-29T12:01:00.000Z',
  '2021-06-30T12:00:00-23:59': '2021-07-01T11:59:00.000Z',
  '2021-06-30T12:00:00+14:00': '2021-06-29T22:00:00.000Z',
  '2021-06-30T12:00:00+05:45': '2021-06-30T06:15:00.000Z',
  '2021-06-30T12:00:00+24:00': 'time_impossible',
  '2021-06-30T12:00:00-24:00': 'time_impossible',
  '2021-06-30T12:00:00+00:60': 'time_impossible',
  '2021-06-30T12:00:00+99:99': 'time_impossible',
  '2021-06-30T12:00:00+0200': 'instant_unreadable',
  '2021-06-30T12:00:00+02': 'instant_unreadable',
  '2021-06-30T12:00:00+2:00': 'instant_unreadable',
  '2021-06-30T12:00:00+02:00:00': 'instant_unreadable',
  '2021-06-30T12:00:00 02:00': '2021-06-30T10:00:00.000Z',
  '2021-06-30T12:00:00\u221202:00': 'instant_unreadable',
  '2021-06-30T12:00:00 UTC': 'instant_unreadable',
  '2021-06-30T12:00:00Europe/Madrid': 'instant_unreadable',
  '2021-06-30T12:00:00+02:00[Europe/Madrid]': 'instant_unreadable',
  '2021-06-30T12:00:00ZZ': 'instant_unreadable',
  // What separates date and time
  '2021-06-30 12:00:00Z': '2021-06-30T12:00:00.000Z',
  '2021-06-30 12:00:00': '2021-06-30T12:00:00.000Z',
  '2021-06-30+12:00:00': '2021-06-30T12:00:00.000Z',
  '2021-06-30t12:00:00z': '2021-06-30T12:00:00.000Z',
  '2021-06-30  12:00:00Z': 'instant_unreadable',
  '2021-06-30_12:00:00Z': 'instant_unreadable',
  '2021-06-30T 12:00:00Z': 'instant_unreadable',
  '2021-06-30\t12:00:00Z': 'instant_unreadable',
  // Fractions
  '2021-06-30T12:00:00.0Z': '2021-06-30T12:00:00.000Z',
  '2021-06-30T12:00:00.000000001Z': '2021-06-30T12:00:00.001Z',
  '2021-06-30T23:59:59.999999999Z': '2021-07-01T00:00:00.000Z',
  '2021-06-30T12:00:00.0000000001Z': 'instant_unreadable',
  '2021-06-30T12:00:00.Z': 'instant_unreadable',
  '2021-06-30T12:00:00,5Z': 'instant_unreadable',
  // Parts that are missing
  '2021-06-30T12:00Z': 'instant_unreadable',
  '2021-06-30T12Z': 'instant_unreadable',
  '2021-06-30T': 'instant_unreadable',
  '2021-06-30Z': 'instant_unreadable',
  '2021-06-30+02:00': 'instant_unreadable',
  '2021-06': 'instant_unreadable',
  '2021': 'instant_unreadable',
  '12:00:00Z': 'instant_unreadable',
  '': 'instant_unreadable',
  ' ': 'instant_unreadable',
  // Days
  '2021-06-30': '2021-06-30T00:00:00.000Z',
  '2021-06-31': 'date_impossible',
  '2021-06-00': 'date_impossible',
  '2021-00-30': 'date_impossible',
  '2021-13-01': 'date_impossible',
  '2021-12-32': 'date_impossible',
  '2021-02-29': 'date_impossible',
  '2024-02-29': '2024-02-29T00:00:00.000Z',
  '1900-02-29': 'date_impossible',
  '2000-02-29': '2000-02-29T00:00:00.000Z',
  '2021-02-29T24:00:00Z': 'date_impossible',
  // Years
  '0000-01-01': '0000-01-01T00:00:00.000Z',
  '0001-01-01T00:00:00Z': '0001-01-01T00:00:00.000Z',
  '9999-12-31T23:59:59.999Z': '9999-12-31T23:59:59.999Z',
  '9999-12-31T23:59:59-23:59': '+010000-01-01T23:58:59.000Z',
  '10000-01-01': 'instant_unreadable',
  '-001-01-01': 'instant_unreadable',
  '+002021-06-30T12:00:00Z': 'instant_unreadable',
  '21-06-30': 'instant_unreadable',
  // Other notations
  '20210630T120000Z': 'instant_unreadable',
  '2021-6-30': 'instant_unreadable',
  '2021/06/30': 'instant_unreadable',
  '30.06.2021': 'instant_unreadable',
  '2021-W26-3': 'instant_unreadable',
  '2021-181': 'instant_unreadable',
  '1625054400': 'instant_unreadable',
  '2021-06-30T12:00:00 PM': 'instant_unreadable',
  'Wed, 30 Jun 2021 12:00:00 GMT': 'instant_unreadable',
  '２０２１-06-30': 'instant_unreadable',
  now: 'instant_unreadable',
  ' 2021-06-30': 'instant_unreadable',
  '2021-06-30\n': 'instant_unreadable',
  '"2021-06-30"': 'instant_unreadable',
};

/** What the message of a refusal must say, by its code, and by the value where the code has more than one. */
function expectedOf(text: string, code: string): string {
  if (code === 'instant_unreadable')
    return `expected an instant in one of the forms ${instantForms.join(', ')}.`;
  if (code === 'date_impossible') return 'expected a day that exists in the calendar.';
  return /[-+](?:2[4-9]|[3-9]\d):\d\d$|:[6-9]\d$/.test(text.slice(19))
    ? 'expected an offset from -23:59 to +23:59.'
    : 'expected a time from 00:00:00 to 23:59:59, or 23:59:60 in UTC, a leap second.';
}

test('there are at least 62 boundary inputs', (t) => {
  t.true(Object.keys(table).length >= 62, `${Object.keys(table).length}`);
});

for (const [text, wanted] of Object.entries(table))
  test(`${JSON.stringify(text)} is ${wanted}`, (t) => {
    const seen = parseInstant(text, 'start');
    const query = parseQuery(`starts_at=${encodeURIComponent(text)}`);
    if (/^[a-z_]+$/.test(wanted)) {
      if (!isRefusal(seen) || !isRefusal(query)) return t.fail(`it is read as ${JSON.stringify(seen)}`);
      t.is(seen.code, wanted);
      t.true(seen.message.endsWith(`, ${expectedOf(text, wanted)}`), seen.message);
      t.deepEqual([query.code, query.message], [seen.code, `starts_at: ${seen.message}`]);
    } else {
      if (isRefusal(seen) || isRefusal(query)) return t.fail(JSON.stringify(seen));
      t.is(new Date(seen).toISOString(), wanted);
      t.is(query.start, seen);
    }
  });

test('every form that the message of an unreadable instant names is read, and as it says', (t) => {
  const named = instantForms.flatMap((form) => form.replace(/ \(.*/, '').split(' or '));
  t.true(named.length >= 6);
  const utc = Date.UTC(2021, 6, 21, 17, 32, 28);
  for (const text of named) {
    const seen = parseInstant(text, 'end');
    const wanted = text.includes('.') ? utc + 123 : text.length === 10 ? Date.UTC(2021, 6, 22) - 1 : utc;
    t.is(seen, wanted, text);
  }
});
