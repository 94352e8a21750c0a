// Invented event titles and zone names, with characters that need escaping.

import { pick, type Random } from './random.ts';

const qualities = [
  'Paper',
  'Velvet',
  'Borrowed',
  'Copper',
  'Midnight',
  'Señora',
  'Tiny',
  'Übermütige',
  'Second-hand',
];
const things = [
  'Lanterns',
  'Harbour',
  'Orchestra',
  'Piano',
  'Marionettes',
  'Garçons',
  'Telescope',
  'Owls',
  'Áticos',
];
const occasions = [
  'live',
  'the musical',
  'farewell tour',
  '"unplugged"',
  'a night of <improv>',
  'Q&A',
  '日本公演',
];
const zones = ['Stalls', 'Gallery', 'Box', 'Terrace', 'Balcony', 'Front row', 'Rock & roll pit'];

export function eventTitle(random: Random, ordinal: number): string {
  return `${pick(random, qualities)} ${pick(random, things)}: ${pick(random, occasions)} #${ordinal}`;
}

export const zoneName = (random: Random, ordinal: number): string => `${pick(random, zones)} ${ordinal}`;
