import test from 'ava';
import { civilFromDay, dayFromCivil, dayMs, dayOf, daysInMonth } from '#/domain/time/calendar.ts';
import { Temporal } from '#/domain/time/temporal.ts';
import { seededFor } from '../../_support/random.ts';

const epoch = Temporal.PlainDate.from('1970-01-01');
const dayNumber = (date: typeof epoch): number => epoch.until(date, { largestUnit: 'days' }).days;

test('days and dates are those of Temporal, from year 1 to 9999', (t) => {
  const random = seededFor(t);
  for (let i = 0; i < 50_000; i++) {
    const [year, month] = [random.int(1, 9999), random.int(1, 12)];
    const date = Temporal.PlainDate.from({ year, month, day: random.int(1, 31) });
    const day = dayFromCivil(date.year, date.month, date.day);
    if (day !== dayNumber(date)) t.is(day, dayNumber(date), date.toString());
    const civil = civilFromDay(day);
    if (civil.year !== date.year || civil.month !== date.month || civil.day !== date.day)
      t.deepEqual(civil, date);
    if (daysInMonth(year, month) !== date.daysInMonth) t.is(daysInMonth(year, month), date.daysInMonth);
  }
  t.pass();
});

test('days follow each other without a gap, over four hundred years', (t) => {
  let { year, month, day } = civilFromDay(dayFromCivil(1699, 12, 31));
  for (let next = dayFromCivil(1700, 1, 1); year < 2101; next++) {
    [year, month, day] =
      day < daysInMonth(year, month)
        ? [year, month, day + 1]
        : month < 12
          ? [year, month + 1, 1]
          : [year + 1, 1, 1];
    const seen = civilFromDay(next);
    if (seen.year !== year || seen.month !== month || seen.day !== day)
      t.deepEqual(seen, { year, month, day });
  }
  t.pass();
});

test('years before 1 and after 9999 have days too', (t) => {
  for (const [year, month, day] of [
    [0, 1, 1],
    [0, 12, 31],
    [-1, 2, 28],
    [10_000, 1, 1],
  ] as const) {
    t.deepEqual(civilFromDay(dayFromCivil(year, month, day)), { year, month, day });
    t.is(dayFromCivil(year, month, day), dayNumber(Temporal.PlainDate.from({ year, month, day })));
  }
});

test('an instant belongs to the day that began last, also before 1970', (t) => {
  t.is(dayOf(0), 0);
  t.is(dayOf(dayMs - 1), 0);
  t.is(dayOf(dayMs), 1);
  t.is(dayOf(-1), -1);
  t.is(dayOf(-dayMs), -1);
  t.is(dayOf(-dayMs - 1), -2);
});
