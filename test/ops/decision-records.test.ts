// Decision records against their form: length, sections, the index, and the links between them and from elsewhere.

import { basename } from 'node:path';
import test from 'ava';
import { filesBelow, read } from './_files.ts';

const folder = 'ops/decisions';
const linesMax = 40;
const sections = ['## Context', '## Decision', '## Consequences'];

interface DecisionRecord {
  readonly file: string;
  readonly number: number;
  readonly text: string;
  readonly title: string;
  /** The status line, which may continue on the next lines; empty where there is none. */
  readonly status: string;
}

const index = await read(`${folder}/README.md`);
const paths = await filesBelow(folder);
const records = await Promise.all(
  paths
    .map((path) => basename(path))
    .filter((file) => file !== 'README.md')
    .map(recordOf),
);

async function recordOf(file: string): Promise<DecisionRecord> {
  const text = await read(`${folder}/${file}`);
  return {
    file,
    number: Number(file.slice(0, 4)),
    text,
    title: /^# \d+\. (.+)\n/.exec(text)?.[1] ?? '',
    status: /\n\nStatus: (.+?)\n\n/s.exec(text)?.[1] ?? '',
  };
}

const linked = (text: string): string[] =>
  Array.from(text.matchAll(/\]\((\d{4}-[^)#]+\.md)/g), ([, file]) => file!);

type Relation = 'changed by' | 'superseded by' | 'changes' | 'supersedes';

/** What a status line states, in its order: each link with the words before it that tell the relation. */
function relationsOf({ status }: DecisionRecord): [Relation, string][] {
  const found: [Relation, string][] = [];
  let relation: string | null = null;
  for (const [, words, file] of status.matchAll(
    /\b(changed by|superseded by|changes|supersedes)\b|\]\((\d{4}-[^)]+)\)/gi,
  ))
    if (words !== undefined) relation = words.toLowerCase();
    else if (relation !== null && file !== undefined) found.push([relation as Relation, file]);
  return found;
}

/** How the index marks a record that later ones have changed. */
function markOf(record: DecisionRecord): string {
  const marks = (['superseded by', 'changed by'] as const).flatMap((relation) => {
    const numbers = relationsOf(record).flatMap(([how, file]) =>
      how === relation ? [Number(file.slice(0, 4))] : [],
    );
    return numbers.length === 0 ? [] : [`${relation} ${numbers.join(', ')}`];
  });
  return marks.length === 0 ? '' : ` *(${marks.join('; ')})*`;
}

test('each record has a number of its own, which its file name and its title tell', (t) => {
  t.true(records.length >= 73);
  for (const { file, number, text } of records) {
    t.regex(file, /^\d{4}(-[a-z0-9]+)+\.md$/);
    t.true(text.startsWith(`# ${number}. `), file);
  }
  t.is(new Set(records.map(({ number }) => number)).size, records.length);
});

test('each record has at most 40 lines and the three sections, in order', (t) => {
  for (const { file, text } of records) {
    t.true(text.endsWith('\n') && text.split('\n').length - 1 <= linesMax, file);
    t.deepEqual(text.match(/^#{2,} .+$/gm), sections, file);
  }
});

test('the index lists each record once, with its title and the later records that change it', (t) => {
  const listed = Array.from(index.matchAll(/^- (\[.+)$/gm), ([, line]) => line!);
  const expected = records.map(
    (record) => `[${record.file.slice(0, 4)}](${record.file}): ${record.title}${markOf(record)}`,
  );
  t.deepEqual(listed.toSorted(), expected.toSorted());
});

test('a status line agrees with that of the other record', (t) => {
  const opposites = {
    'changed by': 'changes',
    'superseded by': 'supersedes',
    changes: 'changed by',
    supersedes: 'superseded by',
  } as const;
  const byFile = new Map(records.map((record) => [record.file, record]));
  let checked = 0;
  for (const record of records) {
    if (record.text.includes('\nStatus:'))
      t.true(relationsOf(record).length > 0, `${record.file}: ${record.status}`);
    for (const [how, other] of relationsOf(record)) {
      const theirs = byFile.get(other);
      const isMutual =
        theirs !== undefined &&
        relationsOf(theirs).some(([their, file]) => their === opposites[how] && file === record.file);
      t.true(
        isMutual,
        `Got no "${opposites[how]} ${record.file}" in ${other}, expected it: ${record.file} ${how} it.`,
      );
      checked++;
    }
  }
  t.true(checked > 40);
});

test('every record that is linked or mentioned exists', async (t) => {
  const files = new Set(records.map(({ file }) => file));
  const numbers = new Set(records.map(({ number }) => number));
  for (const { file, text } of [...records, { file: 'README.md', text: index }])
    for (const other of linked(text)) t.true(files.has(other), `${file}: ${other}`);
  for (const { file, text } of records)
    for (const [, number] of text.matchAll(/\brecords? (\d+)/g))
      t.true(numbers.has(Number(number)), `${file}: ${number}`);

  const elsewhere = [
    'README.md',
    ...(await Promise.all(['ops', 'src', '.github'].map(filesBelow))).flat(),
  ].filter((path) => /\.(?:md|ts|js|yml|yaml|json)$/.test(path));
  let checked = 0;
  for (const path of elsewhere)
    for (const [, other] of (await read(path)).matchAll(/\bdecisions\/(\d{4}-[\w-]+\.md)/g)) {
      t.true(files.has(other!), `${path}: ${other}`);
      checked++;
    }
  t.true(checked > 0);
});

test('every source file that a record, a guide or a runbook names exists', async (t) => {
  const sources = (await Promise.all(['src', 'test', 'load', 'ops'].map(filesBelow))).flat();
  const documents = ['README.md', ...(await filesBelow('ops')).filter((path) => path.endsWith('.md'))];
  let checked = 0;
  for (const path of documents)
    for (const [, named = ''] of (await read(path)).matchAll(/`([\w/.-]+\.ts)`/g)) {
      // A place that the reader fills in.
      if (named.includes('NAME') || named === '.ts') continue;
      t.true(
        sources.some((source) => `/${source}`.endsWith(`/${named}`)),
        `${path}: ${named}`,
      );
      checked++;
    }
  t.true(checked > 100);
});
