// `make test` and `make check`: types, lint and format side by side, then the tests, then what was not tested.
//   --install  installs programs that the tests need and the machine lacks
//   --quick    only the tests that start no process

import { parseArgs } from 'node:util';
import { missingPrograms, packagesOf, programs } from '../_programs/catalog.ts';
import { installMissing } from '../_programs/install.ts';
import { quickTests } from './quick.ts';
import { runShown, runSilently, type Ran } from './run.ts';

const { values: options } = parseArgs({
  options: { install: { type: 'boolean', default: false }, quick: { type: 'boolean', default: false } },
});
const startedAt = performance.now();
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Most tests wait more than they compute, so more files than cores run at a time. */
const filesAtATime = options.quick ? 2 : 4;

if (options.install) installMissing(say);

// 1. What reads the code
const checks = await Promise.all([
  runSilently('types', 'typescript/bin/tsc', ['--noEmit']),
  runSilently('lint', 'oxlint/bin/oxlint', ['--deny-warnings']),
  runSilently('format', 'oxfmt/bin/oxfmt', ['--check']),
]);
for (const { name, code, seconds, output } of checks) {
  say(code === 0 ? `${name}: passed in ${seconds} s` : `${output.trim()}\n${name}: failed`);
}

// 2. What runs it
const files = options.quick ? await quickTests() : [];
const tests = await runShown('tests', 'ava/entrypoints/cli.js', [`--concurrency=${filesAtATime}`, ...files]);

// 3. The sum
const failed = [...checks, tests].filter(({ code }: Ran) => code !== 0).map(({ name }) => name);
if (!options.quick) listUntested();
const seconds = Math.round((performance.now() - startedAt) / 1000);
say(failed.length === 0 ? `All passed in ${seconds} s.` : `Failed: ${failed.join(', ')} (${seconds} s).`);
process.exitCode = failed.length === 0 ? 0 : 1;

function listUntested(): void {
  const missing = missingPrograms();
  if (missing.length === 0) return;
  say('Not tested, because a program is missing:');
  for (const name of missing) say(`  ${name.padEnd(13)} ${programs[name].tests}`);
  say(`To test that too: apt-get install ${packagesOf(missing).join(' ')}`);
}
