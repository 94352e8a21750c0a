// Temporal from the engine and from the polyfill: both read the same local times alike.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { seededFor, type Random } from '../../_support/random.ts';
import { answer, type Answers, type Clock } from './_without-temporal.ts';

const zones = ['Europe/Madrid', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Pacific/Apia'];

/** Where clocks are set forward and back, what the calendar or the clock does not have, and zones that do not exist. */
const knownClocks: readonly Clock[] = [
  ...['01:59:59', '02:00:00', '02:30:00', '03:00:00'].map(
    (time) => [`2021-03-28T${time}`, 'Europe/Madrid'] as const,
  ),
  ...['00:59:59', '01:00:00', '01:30:00', '02:00:00'].map(
    (time) => [`2021-11-07T${time}`, 'America/New_York'] as const,
  ),
  ['2021-10-03T02:15:00', 'Australia/Lord_Howe'],
  ['2021-04-04T01:45:00', 'Australia/Lord_Howe'],
  ['2011-12-30T12:00:00', 'Pacific/Apia'],
  ['2021-09-31T20:00:00', 'Europe/Madrid'],
  ['2021-02-29T20:00:00', 'UTC'],
  ['2021-06-30T24:00:00', 'UTC'],
  ['2021-06-30T20:00:00', 'Mars/Olympus'],
  ['2021-06-30T20:00:00', '+25:00'],
  ['2021-06-30T20:00:00', ''],
];

const daysOfChange = '2011-12-30 2021-03-14 2021-03-28 2021-04-04 2021-10-03 2021-10-31 2021-11-07'.split(
  ' ',
);

const two = (number: number): string => String(number).padStart(2, '0');

function randomClock(random: Random): Clock {
  const day = random.chance(0.5)
    ? random.pick(daysOfChange)
    : `${random.int(1950, 2050)}-${two(random.int(1, 12))}-${two(random.int(1, 28))}`;
  const time = [random.int(0, 4), random.int(0, 59), random.int(0, 59)].map(two).join(':');
  const mark = random.pick(['', '', '', 'Z', '+02:00', '-05:00']);
  return [`${day}T${time}${mark}`, random.pick(zones)];
}

/** What a process without Temporal makes of the local times. */
async function answeredWithout(clocks: readonly Clock[]): Promise<Answers> {
  const program = fileURLToPath(new URL('_without-temporal.ts', import.meta.url));
  const run = promisify(execFile)(process.execPath, [program], { maxBuffer: 64e6 });
  run.child.stdin?.end(JSON.stringify(clocks));
  return JSON.parse((await run).stdout) as Answers;
}

test('local times mean the same with the polyfill as with the Temporal of the engine', async (t) => {
  const random = seededFor(t);
  const clocks = [...knownClocks, ...Array.from({ length: 3000 }, () => randomClock(random))];
  const native = await answer(clocks);
  t.false(native.usesPolyfill);
  const expected = JSON.parse(JSON.stringify(native)) as Answers;
  t.deepEqual(await answeredWithout(clocks), { ...expected, usesPolyfill: true });
  const irregular = JSON.stringify(expected).split('"irregular":true').length - 1;
  t.true(irregular > 40, `${irregular} clocks where clocks change`);
});
