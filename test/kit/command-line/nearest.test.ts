import test from 'ava';
import { didYouMean, nearest } from '#/kit/command-line/nearest.ts';

test('the nearest known word is the one with the fewest edits', (t) => {
  const known = ['PORT', 'ADMIN_PORT', 'POLL_SECONDS', 'ROLES'];
  for (const [word, meant] of [
    ['PROT', 'PORT'],
    ['port', 'PORT'],
    ['ADMINPORT', 'ADMIN_PORT'],
    ['POLL_SECOND', 'POLL_SECONDS'],
    ['ROLE', 'ROLES'],
    ['COLOUR', null],
    ['X', null],
    ['', null],
  ] as const)
    t.is(nearest(word, known), meant, word);
});

test('a message suggests a word only when a known one is near', (t) => {
  t.is(didYouMean('--vresion', ['--help', '--version']), ' Did you mean --version?');
  t.is(didYouMean('--loud', ['--help', '--version']), '');
});
