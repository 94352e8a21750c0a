import test from 'ava';
import { isRefusal } from '#/domain/refusal.ts';
import { Temporal } from '#/domain/time/temporal.ts';
import { inOrder, isTimeZone, parseWallClock, type WallClock } from '#/domain/time/wall-clock.ts';
import { seededFor } from '../../_support/random.ts';

const two = (number: number): string => String(number).padStart(2, '0');

function clock(text: string, timeZone: string): WallClock {
  const read = parseWallClock(text, timeZone);
  if (isRefusal(read)) throw new Error(`${text}: ${read.message}`);
  return read;
}

/** All instants at which the wall clock shows this time: none, one or two. */
function possible(text: string, timeZone: string): number[] {
  const wall = Temporal.PlainDateTime.from(text);
  const near = wall.toZonedDateTime('UTC').epochMilliseconds;
  const offsets = [-1, 1].map((day) => offsetAt(near + day * 86_400_000, timeZone));
  const instants = new Set(offsets.map((offset) => near - offset));
  return [...instants].filter((instant) => offsetAt(instant, timeZone) === near - instant);
}

const offsetAt = (instant: number, timeZone: string): number =>
  Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone).offsetNanoseconds / 1e6;

for (const timeZone of [
  'UTC',
  'Europe/Madrid',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
]) {
  test(`a wall clock in ${timeZone} is read as the instant at which it shows that time`, (t) => {
    const random = seededFor(t);
    for (let i = 0; i < 4000; i++) {
      // In these months, the hours around daylight saving changes occur often enough.
      const date = `${random.int(1980, 2035)}-${two(random.pick([3, 4, 10, 11, random.int(1, 12)]))}-${two(random.int(1, 28))}`;
      const text = `${date}T${two(random.int(0, 4))}:${two(random.int(0, 59))}:${two(random.int(0, 59))}`;
      const { instant, irregular, local } = clock(text, timeZone);
      const [one, ...more] = possible(text, timeZone);
      const regular = one !== undefined && more.length === 0;
      if (irregular === regular) t.fail(`${text} is ${irregular ? 'irregular' : 'regular'}`);
      if (regular && instant !== one) t.is(instant, one, text);
      if (local !== text) t.is(local, text);
    }
    t.pass();
  });
}

test('a wall clock in any zone, of any year, is what Temporal says', (t) => {
  const random = seededFor(t);
  const zones = Intl.supportedValuesOf('timeZone');
  for (let i = 0; i < 6000; i++) {
    const timeZone = random.pick(zones);
    // Before about 1920 most offsets have odd seconds.
    const year = random.chance(0.3) ? random.int(1850, 1969) : random.int(1970, 2045);
    const text = `${year}-${two(random.int(1, 12))}-${two(random.int(1, 28))}T${two(random.int(0, 23))}:${two(random.int(0, 59))}:00`;
    const wall = Temporal.PlainDateTime.from(text);
    const [earlier, later, compatible] = (['earlier', 'later', 'compatible'] as const).map(
      (disambiguation) => wall.toZonedDateTime(timeZone, { disambiguation }).epochMilliseconds,
    );
    const { instant, irregular } = clock(text, timeZone);
    if (instant !== compatible || irregular !== (earlier !== later))
      t.deepEqual([instant, irregular], [compatible!, earlier !== later], `${text} in ${timeZone}`);
  }
  t.pass();
});

test('a time in a daylight saving gap is as far after the change as it says', (t) => {
  // Clocks go from 02:00 to 03:00, at 01:00 UTC.
  for (const [text, wanted] of [
    ['2021-03-28T01:59:59', '2021-03-28T00:59:59Z'],
    ['2021-03-28T02:00:00', '2021-03-28T01:00:00Z'],
    ['2021-03-28T02:30:00', '2021-03-28T01:30:00Z'],
    ['2021-03-28T03:00:00', '2021-03-28T01:00:00Z'],
  ] as const) {
    const { instant, irregular, local } = clock(text, 'Europe/Madrid');
    t.is(instant, Date.parse(wanted), text);
    t.is(irregular, text.includes('T02'), text);
    t.is(local, text, 'it is shown as it was written');
  }
});

test('a time that occurs twice is the first of the two', (t) => {
  // Clocks go from 02:00 to 01:00, at 06:00 UTC.
  const { instant, irregular } = clock('2021-11-07T01:30:00', 'America/New_York');
  t.is(instant, Date.parse('2021-11-07T05:30:00Z'));
  t.true(irregular);
  t.false(clock('2021-11-07T00:59:59', 'America/New_York').irregular);
  t.false(clock('2021-11-07T02:00:00', 'America/New_York').irregular);
});

test('Lord Howe changes its clocks by half an hour', (t) => {
  const never = clock('2021-10-03T02:15:00', 'Australia/Lord_Howe');
  t.deepEqual([never.instant, never.irregular], [Date.parse('2021-10-02T15:45:00Z'), true]);
  t.false(clock('2021-10-03T02:30:00', 'Australia/Lord_Howe').irregular);
  t.true(clock('2021-04-04T01:45:00', 'Australia/Lord_Howe').irregular);
});

test('Samoa skipped 30 December 2011', (t) => {
  const { instant, irregular } = clock('2011-12-30T12:00:00', 'Pacific/Apia');
  t.true(irregular);
  t.is(
    instant,
    Temporal.PlainDateTime.from('2011-12-30T12:00').toZonedDateTime('Pacific/Apia').epochMilliseconds,
  );
});

test('UTC has no changes, is never irregular, and is correct from year 0 to 9999', (t) => {
  const random = seededFor(t);
  for (let i = 0; i < 5000; i++) {
    const text = `${String(random.int(0, 9999)).padStart(4, '0')}-${two(random.int(1, 12))}-${two(random.int(1, 28))}T${two(random.int(0, 23))}:59:01`;
    const wanted = Temporal.Instant.from(`${text}Z`).epochMilliseconds;
    const { instant, irregular } = clock(text, 'UTC');
    if (instant !== wanted || irregular) t.is(instant, wanted, text);
  }
  t.pass();
});

test('a fraction of zero is ignored, any other refused', (t) => {
  t.is(clock('2021-06-30T21:00:00.000', 'UTC').local, '2021-06-30T21:00:00');
  t.true(isRefusal(parseWallClock('2021-06-30T21:00:00.5', 'UTC')));
});

const refused: Record<string, string> = {
  '2021-09-31T20:00:00': 'date_impossible',
  '2021-02-29T20:00:00': 'date_impossible',
  '2021-00-10T20:00:00': 'date_impossible',
  '2021-13-10T20:00:00': 'date_impossible',
  '2021-06-00T20:00:00': 'date_impossible',
  '2021-06-30T24:00:00': 'time_impossible',
  '2021-06-30T20:60:00': 'time_impossible',
  '2021-06-30T20:00:60': 'time_impossible',
  '2021-06-30 20:00:00': 'date_unreadable',
  '2021-06-30T20:00:00Z': 'date_unreadable',
  '2021-06-30T20:00:00+02:00': 'date_unreadable',
  '2021-06-30T20:00': 'date_unreadable',
  '2021-06-30': 'date_unreadable',
  '+12021-06-30T20:00:00': 'date_unreadable',
  '': 'date_unreadable',
};

for (const [text, code] of Object.entries(refused)) {
  test(`a feed's ${JSON.stringify(text)} is refused as ${code}, in every zone`, (t) => {
    for (const timeZone of ['UTC', 'Europe/Madrid']) {
      const read = parseWallClock(text, timeZone);
      t.true(isRefusal(read) && read.code === code);
      t.true(isRefusal(read) && read.message.includes(text), 'it says what it saw');
    }
  });
}

test('a time zone is identified by its name', (t) => {
  for (const name of ['UTC', 'Europe/Madrid', 'Asia/Kathmandu']) t.true(isTimeZone(name), name);
  for (const name of ['', 'Mars/Olympus', 'Madrid', '+25:00', '../etc/passwd'])
    t.false(isTimeZone(name), name);
});

test('an event at a daylight saving change ends at the intended instant', (t) => {
  const both = (start: string, end: string): [string, string] => {
    const instants = inOrder(clock(start, 'Europe/Madrid'), clock(end, 'Europe/Madrid'));
    return [
      new Date(instants.start).toISOString().slice(11, 16),
      new Date(instants.end).toISOString().slice(11, 16),
    ];
  };
  t.deepEqual(both('2031-03-30T02:30:00', '2031-03-30T03:00:00'), ['00:30', '01:00']);
  t.deepEqual(both('2031-03-30T02:30:00', '2031-03-30T04:00:00'), ['01:30', '02:00']);
  t.deepEqual(both('2031-03-30T01:30:00', '2031-03-30T02:30:00'), ['00:30', '01:30']);
  t.deepEqual(both('2031-10-26T02:45:00', '2031-10-26T02:15:00'), ['00:45', '01:15']);
  t.deepEqual(both('2031-10-26T02:15:00', '2031-10-26T02:45:00'), ['00:15', '00:45']);
  // The end is before the start by the wall clock, and no clock change explains it.
  for (const [start, end] of [
    ['2031-03-30T02:30:00', '2031-03-30T02:10:00'],
    ['2031-10-26T03:30:00', '2031-10-26T02:45:00'],
    ['2031-06-30T03:30:00', '2031-06-30T02:45:00'],
  ] as const) {
    const [from, to] = both(start, end);
    t.true(to < from, `${from} ${to}`);
  }
});
