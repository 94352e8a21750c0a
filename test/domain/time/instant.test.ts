import test from 'ava';
import { parseInstant, type Bound } from '#/domain/time/instant.ts';
import { isRefusal } from '#/domain/refusal.ts';
import { Temporal } from '#/domain/time/temporal.ts';
import { seededFor, type Random } from '../../_support/random.ts';

const drawn = 20_000;
const two = (number: number): string => String(number).padStart(2, '0');

/** RFC 3339 in any valid form; `nanoseconds` are those after the milliseconds. */
function randomInstant(random: Random): { text: string; nanoseconds: bigint } {
  const year = random.chance(0.8) ? random.int(1900, 2100) : random.int(0, 9999);
  const date = `${String(year).padStart(4, '0')}-${two(random.int(1, 12))}-${two(random.int(1, 28))}`;
  const time = `${two(random.int(0, 23))}:${two(random.int(0, 59))}:${two(random.int(0, 59))}`;
  const digits = random.int(0, 9);
  const fraction = digits === 0 ? '' : `.${Array.from({ length: digits }, () => random.int(0, 9)).join('')}`;
  const sign = random.pick(['+', '-']);
  const offset = random.chance(0.3) ? 'Z' : `${sign}${two(random.int(0, 23))}:${two(random.int(0, 59))}`;
  const exact = `${date}T${time}${fraction}${offset}`;
  const nanoseconds = Temporal.Instant.from(exact).epochNanoseconds;
  const blank = random.chance(0.1) ? exact.replace('T', ' ') : exact;
  return { text: random.chance(0.1) ? blank.toLowerCase() : blank, nanoseconds };
}

const milliseconds = (nanoseconds: bigint, bound: Bound): number => {
  const [whole, rest] = [nanoseconds / 1_000_000n, nanoseconds % 1_000_000n];
  if (bound === 'start') return Number(rest > 0n ? whole + 1n : whole);
  return Number(rest < 0n ? whole - 1n : whole);
};

test('an instant with an offset is the one of Temporal, rounded towards the inside of the range', (t) => {
  const random = seededFor(t);
  for (let i = 0; i < drawn; i++) {
    const { text, nanoseconds } = randomInstant(random);
    for (const bound of ['start', 'end'] as const) {
      const seen = parseInstant(text, bound);
      if (seen !== milliseconds(nanoseconds, bound))
        t.is(seen, milliseconds(nanoseconds, bound), `${text} as ${bound}`);
    }
  }
  t.pass();
});

test('an instant without an offset is UTC', (t) => {
  const random = seededFor(t);
  for (let i = 0; i < drawn; i++) {
    const { text } = randomInstant(random);
    const local = text.replace(/(?:[zZ]|[-+]\d\d:\d\d)$/, '');
    if (parseInstant(local, 'start') !== parseInstant(`${local}Z`, 'start')) t.fail(local);
  }
  t.pass();
});

test('a plus that arrived as a space is a plus', (t) => {
  const random = seededFor(t);
  for (let i = 0; i < drawn; i++) {
    const { text } = randomInstant(random);
    if (!text.includes('+')) continue;
    if (parseInstant(text.replace('+', ' '), 'end') !== parseInstant(text, 'end')) t.fail(text);
  }
  t.is(parseInstant('2021-06-30T23:00:00 02:00', 'start'), Date.UTC(2021, 5, 30, 21));
  t.is(
    parseInstant('2021-06-30+23:00:00+02:00', 'start'),
    Date.UTC(2021, 5, 30, 21),
    'nor the blank before the time',
  );
});

test('a date alone is its first instant as a start, and its last as an end', (t) => {
  const random = seededFor(t);
  for (let i = 0; i < 2000; i++) {
    const date = Temporal.PlainDate.from({
      year: random.int(0, 9999),
      month: random.int(1, 12),
      day: random.int(1, 31),
    });
    const first = date.toZonedDateTime('UTC');
    const text = date.toString().slice(-10);
    t.is(parseInstant(text, 'start'), first.epochMilliseconds, text);
    t.is(parseInstant(text, 'end'), first.add({ days: 1 }).epochMilliseconds - 1, text);
  }
});

test('every day that does not exist is refused, and every other is valid', (t) => {
  for (let year = 1999; year <= 2025; year++) {
    for (let month = 0; month <= 13; month++) {
      for (let day = 0; day <= 32; day++) {
        const text = `${year}-${two(month)}-${two(day)}`;
        const exists = isDate(text);
        const seen = parseInstant(text, 'start');
        if (isRefusal(seen) === exists) t.fail(text);
        if (isRefusal(seen)) t.is(seen.code, 'date_impossible');
      }
    }
  }
});

function isDate(text: string): boolean {
  try {
    Temporal.PlainDate.from(text);
    return true;
  } catch {
    return false;
  }
}

test('a century is a leap year only every four hundred years', (t) => {
  t.true(isRefusal(parseInstant('1900-02-29', 'start')));
  t.true(isRefusal(parseInstant('2100-02-29', 'start')));
  t.is(parseInstant('2000-02-29', 'start'), Date.UTC(2000, 1, 29));
});

for (const text of ['24:00:00Z', '12:60:00Z', '12:00:61Z', '12:00:00+24:00', '12:00:00-00:60', '99:99:99Z']) {
  test(`the time ${text} is impossible`, (t) => {
    const seen = parseInstant(`2021-06-30T${text}`, 'start');
    t.true(isRefusal(seen) && seen.code === 'time_impossible');
  });
}

test('a leap second is the second before it', (t) => {
  t.is(parseInstant('2016-12-31T23:59:60Z', 'start'), Date.UTC(2016, 11, 31, 23, 59, 59));
});

const unreadable = [
  '', ' ', 'tomorrow', '2021', '2021-06', '2021-6-3', '20210630', '2021-06-30T', '2021-06-30T21', '2021-06-30T21:00',
  '2021-06-30T21:00Z', '2021-06-30T21:00:00.', '2021-06-30T21:00:00.1234567890Z', '2021-06-30T21:00:00+2', '1625086800',
  '2021-06-30T21:00:00+0200', '2021-06-30T21:00:00+02', '+2021-06-30', '-2021-06-30', '12021-06-30', '2021-06-30Z',
  '2021-06-30T21:00:00[Europe/Madrid]', ' 2021-06-30', '2021-06-30 ', '2021-06-30\n', '２０２１-06-30', '2021/06/30',
  '2021-06-30T21:00:00Z2021-06-30T21:00:00Z', 'Infinity', 'null', '2021-W26-3', `2021-06-30T21:00:00${'0'.repeat(5000)}`,
]; // prettier-ignore

test('text that is not an instant is refused, also where Date would accept it', (t) => {
  for (const text of unreadable) {
    const seen = parseInstant(text, 'start');
    t.true(isRefusal(seen), JSON.stringify(text));
    if (!isRefusal(seen)) continue;
    t.is(seen.code, 'instant_unreadable', JSON.stringify(text));
    t.true(seen.message.length < 350, 'a long text is not repeated at length');
  }
});
