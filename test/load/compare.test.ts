import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';
import { compare } from '../../load/kit/compare.ts';
import type { Measure } from '../../load/kit/bench.ts';
import { directoryFor } from '../_support/directory.ts';
import { reportWith } from './_reports.ts';

const rate = (...rounds: number[]): Measure => ({ name: 'rate', unit: '×', better: 'more', rounds });
const wait = (...rounds: number[]): Measure => ({ name: 'wait', unit: 'ms', better: 'less', rounds });
const judged = (before: Measure, after: Measure): string | undefined =>
  compare(reportWith([before]), reportWith([after])).compared[0]?.judgement;

test('a higher value is better or worse, depending on the measure', (t) => {
  t.is(judged(rate(0.8, 0.81, 0.79), rate(0.95, 0.96, 0.94)), 'better');
  t.is(judged(rate(0.95, 0.96, 0.94), rate(0.8, 0.81, 0.79)), 'worse');
  t.is(judged(wait(4, 4.1, 3.9), wait(8, 8.1, 7.9)), 'worse');
  t.is(judged(wait(8, 8.1, 7.9), wait(4, 4.1, 3.9)), 'better');
});

test('a change within the spread of the rounds counts as the same', (t) => {
  t.is(judged(rate(0.8, 0.81, 0.79), rate(0.82, 0.83, 0.81)), 'the same', 'two per cent are nothing');
  t.is(judged(rate(0.6, 0.8, 1), rate(0.5, 0.6, 0.7)), 'the same', 'the rounds were that wild');
  t.is(judged(rate(0.79, 0.8, 0.81), rate(0.59, 0.6, 0.61)), 'worse', 'the same change in steady rounds');
});

test('a single round gives no judgement, since its noise is unknown', (t) => {
  t.is(judged(wait(4), wait(40)), 'unknown');
});

test('measures of one run only are listed, and so are reasons why the runs may not be comparable', (t) => {
  const a = reportWith([rate(1, 1)], { quick: true, failures: ['3 × status 500'] });
  const b = reportWith([wait(1, 1)]);
  const { compared, onlyA, onlyB, warnings } = compare(a, b);
  t.deepEqual([compared.length, onlyA, onlyB], [0, ['rate'], ['wait']]);
  t.is(warnings.length, 2);
  t.regex(warnings.join(' '), /A is a quick run, B a full one.*A failed: 1 × 3 × status 500/);
});

test('the command exits with 1 when a measure is worse, and names it', async (t) => {
  const directory = await directoryFor(t);
  const [fast, slow, other] = ['fast', 'slow', 'other'].map((name) => join(directory, `${name}.json`)) as [
    string,
    string,
    string,
  ];
  await writeFile(fast, JSON.stringify(reportWith([rate(0.9, 0.91)])));
  await writeFile(slow, JSON.stringify(reportWith([rate(0.5, 0.51)])));
  await writeFile(other, '{"events":[]}');
  const command = (...files: string[]) =>
    promisify(execFile)(process.execPath, [
      fileURLToPath(new URL('../../load/compare.ts', import.meta.url)),
      ...files,
    ]);
  t.regex((await command(slow, fast)).stdout, /rate .* better\n[^]*0 worse, 1 better/);
  const worse = await t.throwsAsync(command(fast, slow));
  t.like(worse, { code: 1 });
  t.regex(String((worse as { stdout?: string } | undefined)?.stdout), /rate .*0\.5\d+ × .* WORSE/);
  const refused = await t.throwsAsync(command(fast, other));
  t.regex(String((refused as { stderr?: string } | undefined)?.stderr), /expected a report of make load/);
});
