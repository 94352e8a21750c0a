// Random events with values in every unambiguous form, compared with the same events in the plain form.

import test from 'ava';
import { seededFor, type Random } from '../_support/random.ts';
import { clean, eventOf, read, type Given, plainFormats } from './_values.ts';

const blanks = ['', ' ', '\n', ' \u00a0', '\t'];
const cased = (random: Random, text: string): string =>
  Array.from(text, (letter) => (random.chance(0.5) ? letter.toUpperCase() : letter)).join('');

/** The same value in another unambiguous form; sometimes the plain one. */
function disguised(random: Random, name: string, value: unknown): unknown {
  const around = (text: string): string => random.pick(blanks) + text + random.pick(blanks);
  const text = String(value);
  if (name === 'sellMode') return around(cased(random, text));
  if (name === 'capacity') return around(random.pick(['', '+']) + text);
  if (name === 'soldOut' || name === 'numbered') {
    const words = value === true ? ['true', '1', 'yes', 'y'] : ['false', '0', 'no', 'n'];
    return around(cased(random, random.pick(words)));
  }
  if (name === 'price') return around(random.pick(['', '+']) + text.replace('.', random.pick(['.', ','])));
  return around(disguisedTime(random, text));
}

function disguisedTime(random: Random, local: string): string {
  const [date = '', time = ''] = local.split('T');
  if (time === '00:00:00' && random.chance(0.5)) {
    const before = new Date(Date.parse(`${date}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
    return `${before}T24:00${random.pick(['', ':00'])}`;
  }
  if (random.chance(0.3)) {
    // In summer, Madrid is two hours ahead of UTC.
    const hours = random.int(-11, 13);
    const shifted = new Date(Date.parse(`${local}Z`) + (hours - 2) * 3_600_000).toISOString().slice(0, 19);
    const offset = `${hours < 0 ? '-' : '+'}${String(Math.abs(hours)).padStart(2, '0')}`;
    return (
      shifted + (hours === 0 ? random.pick(['Z', 'z', ' UTC']) : offset + random.pick(['', '00', ':00']))
    );
  }
  const short =
    time.endsWith(':00') && random.chance(0.5) ? time.slice(0, 5) : time + random.pick(['', '.5', ',000']);
  return `${date}${random.pick(['T', ' ', 't'])}${short}`;
}

const disguisable = [
  'sellMode',
  'start',
  'end',
  'sellFrom',
  'sellTo',
  'soldOut',
  'capacity',
  'price',
  'numbered',
];

function randomEvent(random: Random): Given {
  const time = (): string =>
    `2031-0${random.int(4, 9)}-${random.int(10, 28)}T${random.pick(['00:00:00', '20:30:00', '01:02:03'])}`;
  const [start, end] = [time(), time()].toSorted();
  return {
    ...clean,
    sellMode: random.pick(['online', 'offline']),
    start,
    end,
    sellFrom: time(),
    sellTo: time(),
    soldOut: random.chance(0.5),
    capacity: random.int(0, 300),
    price: `${random.int(0, 200)}.${random.pick(['00', '5', '05', '99'])}`,
    numbered: random.chance(0.5),
  };
}

for (const format of plainFormats) {
  test(`an event is the same in every unambiguous form; the strict mode accepts only the plain form (${format})`, (t) => {
    const random = seededFor(t);
    for (let i = 0; i < 1500; i++) {
      const event = randomEvent(random);
      const name = random.pick(disguisable);
      const only = random.chance(0.5);
      const worn = Object.fromEntries(
        disguisable
          .filter((each) => (only ? each === name : random.chance(0.6)))
          .map((each) => [each, disguised(random, each, event[each])]),
      );
      const [plain, taken] = [read(format, event), read(format, { ...event, ...worn })];
      const what = JSON.stringify({ event, worn });
      if (plain.remarks !== undefined || plain.faults.length > 0) t.fail(`plain: ${what}`);
      if (taken.faults.length > 0) t.fail(`${taken.faults[0]!.refusal.message} ${what}`);
      else if (JSON.stringify(eventOf(taken)) !== JSON.stringify(eventOf(plain)))
        t.deepEqual(eventOf(taken), eventOf(plain), what);
      const strictly = read(format, { ...event, ...worn }, true);
      const isPlain = taken.remarks === undefined;
      if ((strictly.faults.length === 0) !== isPlain) t.fail(`strictly: ${what}`);
    }
    t.pass();
  });
}
