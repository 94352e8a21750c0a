// The prose linter: what it reads of a file, and what it reports.

import test from 'ava';
import { findingsIn } from './_lint/prose.ts';
import { proseOf } from './_lint/texts.ts';

test('of Markdown it reads the lines outside code', (t) => {
  const prose = proseOf('a.md', 'One `shall` two.\n\n```sh\nshall\n```\nThree [four](shall.md).\n');
  t.deepEqual(prose, [
    { line: 1, text: 'One `…` two.' },
    { line: 2, text: '' },
    { line: 6, text: 'Three [four].' },
    { line: 7, text: '' },
  ]);
});

test('of a module it reads comments and messages, and no names', (t) => {
  const module = [
    '// One.',
    "const shall = 'shall';",
    '/** Two,',
    ' * three. */',
    'throw new Error(`got ${shall} here,',
    'expected another one`);',
    'const pattern = /shall not/;',
  ];
  const prose = proseOf('a.ts', module.join('\n')).map(({ line, text }) => `${line}: ${text}`);
  t.deepEqual(prose, [
    '1: // One.',
    '3: /** Two,',
    '4:  * three. */',
    '5: } here,',
    '6: expected another one`',
  ]);
});

for (const [text, found] of [
  ['The child shall stop.', 'shall'],
  ['It is told to stop.', 'is told'],
  ['The request is no HTTP.', 'is no HTTP'],
  ['The the child stops.', 'The the'],
] as const) {
  test(`it reports "${text}"`, (t) => {
    const [finding, ...more] = findingsIn('a.md', `\n${text}\n`);
    t.deepEqual(more, []);
    t.is(finding?.line, 2);
    t.true(finding?.message.toLowerCase().includes(found === 'The the' ? 'repeated' : found.toLowerCase()));
  });
}

test('it reports nothing in plain English', (t) => {
  t.deepEqual(
    findingsIn(
      'a.md',
      'There is no archive. The supervisor stops the child, and the port is no longer open.\n',
    ),
    [],
  );
});
