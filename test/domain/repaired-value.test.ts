// Values in a wrong format: which of them are unambiguous.

import test from 'ava';
import {
  repairedBoolean,
  repairedCapacity,
  repairedPrice,
  repairedSellMode,
} from '#/domain/repaired-value.ts';
import { repairedWallClock } from '#/domain/time/repaired-clock.ts';
import { isRefusal } from '#/domain/refusal.ts';

const prices: Record<string, number | null> = {
  ' 20.00 ': 2000, '\u00a020\n': 2000, '12,50': 1250, '12,5': 1250, '0,05': 5, '+20': 2000, '+12.5': 1250, ' +12,50': 1250,
  '1.234,50': null, '1,234.50': null, '1,234': null, '20,000': null, '12,': null, ',5': null, '.5': null, '20.': null,
  '+ 20': null, '++20': null, '-5': null, '1e2': null, 'NaN': null, '0x10': null, '€20': null, '20.00 EUR': null,
  '1 000.00': null, '٢٠': null, '': null, ' ': null, '20.005': null, '10000000,01': null, '1,2,3': null,
}; // prettier-ignore

for (const [text, wanted] of Object.entries(prices))
  test(`the price ${JSON.stringify(text)} is meant as ${wanted}`, (t) => t.is(repairedPrice(text), wanted));

test('a capacity is meant where it is a whole number with blanks or a plus', (t) => {
  for (const text of [' 5', '5\t', '+5', '05']) t.is(repairedCapacity(text, 100), 5, text);
  for (const text of [
    '',
    ' ',
    '-1',
    '1.0',
    '1.000',
    '1,0',
    '1e3',
    'unlimited',
    '101',
    '9'.repeat(1000),
    '5 seats',
    '∞',
  ])
    t.is(repairedCapacity(text, 100), null, text);
});

test('a boolean is meant in any case, as a digit or as a word', (t) => {
  for (const text of ['TRUE', 'True', ' true ', '1', 'yes', 'Yes', 'Y'])
    t.is(repairedBoolean(text), true, text);
  for (const text of ['FALSE', 'false\n', '0', 'no', 'N']) t.is(repairedBoolean(text), false, text);
  for (const text of ['', ' ', '2', '-1', '01', 'maybe', 'truefalse', 'null'])
    t.is(repairedBoolean(text), null, text);
});

test('a sell mode is meant in any case, with blanks around', (t) => {
  for (const text of ['Online', ' online', 'ONLINE\n']) t.is(repairedSellMode(text), 'online', text);
  t.is(repairedSellMode('OffLine '), 'offline');
  for (const text of ['', 'on line', 'on', 'onlin', 'online,offline'])
    t.is(repairedSellMode(text), null, text);
});

const clocks: Record<string, [local: string, instant: string]> = {
  '2031-04-10T21:00': ['2031-04-10T21:00:00', '2031-04-10T19:00:00Z'],
  '2031-04-10 21:00:00': ['2031-04-10T21:00:00', '2031-04-10T19:00:00Z'],
  '2031-04-10  21:00': ['2031-04-10T21:00:00', '2031-04-10T19:00:00Z'],
  '2031-04-10t21:00:00': ['2031-04-10T21:00:00', '2031-04-10T19:00:00Z'],
  ' 2031-04-10T21:00:00\n': ['2031-04-10T21:00:00', '2031-04-10T19:00:00Z'],
  '2031-04-10T21:00:00.5': ['2031-04-10T21:00:00', '2031-04-10T19:00:00Z'],
  '2031-04-10T21:00:00,000': ['2031-04-10T21:00:00', '2031-04-10T19:00:00Z'],
  '2031-04-10T21:00:00Z': ['2031-04-10T23:00:00', '2031-04-10T21:00:00Z'],
  '2031-04-10T21:00z': ['2031-04-10T23:00:00', '2031-04-10T21:00:00Z'],
  '2031-04-10 21:00:00 UTC': ['2031-04-10T23:00:00', '2031-04-10T21:00:00Z'],
  '2031-04-10T21:00:00+02:00': ['2031-04-10T21:00:00', '2031-04-10T19:00:00Z'],
  '2031-04-10T21:00:00 +0200': ['2031-04-10T21:00:00', '2031-04-10T19:00:00Z'],
  '2031-04-10T21:00:00.250-03': ['2031-04-11T02:00:00', '2031-04-11T00:00:00Z'],
  '2031-04-10T21:00:00+05:45': ['2031-04-10T17:15:00', '2031-04-10T15:15:00Z'],
  '2031-12-31T24:00:00': ['2032-01-01T00:00:00', '2031-12-31T23:00:00Z'],
  '2032-02-28T24:00': ['2032-02-29T00:00:00', '2032-02-28T23:00:00Z'],
  '2031-04-10T24:00:00Z': ['2031-04-11T02:00:00', '2031-04-11T00:00:00Z'],
  // The hour that occurs twice: an offset selects one of the two.
  '2031-10-26T02:30:00+01:00': ['2031-10-26T02:30:00', '2031-10-26T01:30:00Z'],
};

for (const [text, [local, instant]] of Object.entries(clocks)) {
  test(`the time ${JSON.stringify(text)} is meant as ${local} in Madrid`, (t) => {
    t.deepEqual(repairedWallClock(text, 'Europe/Madrid'), {
      local,
      instant: Date.parse(instant),
      alternative: Date.parse(instant),
      irregular: false,
    });
  });
}

const doubtful: Record<string, string | null> = {
  '2031-09-31 20:00': 'date_impossible',
  '2031-02-29T24:00:00': 'date_impossible',
  '2031-04-10T25:00': 'time_impossible',
  '2031-04-10T23:59:60Z': 'time_impossible',
  '2031-04-10T24:00:01': 'time_impossible',
  '2031-04-10T24:00:00.5': 'time_impossible',
  '2031-04-10T21:00:00+16:00': null,
  '2031-04-10T21:00:00+02:60': null,
  '9999-12-31T23:00:00-02:00': null,
  '2031-04-10': null,
  '2031-04-10T21': null,
  '20310410T210000': null,
  '2031-W26-3T21:00:00': null,
  '01/02/2031 21:00': null,
  '2031-04-10T9:00': null,
  '2031-04-10T21:00:00 CET': null,
  '': null,
};

for (const [text, wanted] of Object.entries(doubtful)) {
  test(`the time ${JSON.stringify(text)} is not repaired`, (t) => {
    const read = repairedWallClock(text, 'UTC');
    t.is(isRefusal(read) ? read.code : read, wanted);
  });
}
