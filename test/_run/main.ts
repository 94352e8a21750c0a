// `make test` and `make check`: types, lint and format at the same time, then the tests, then a list of what was not tested.

import { runCommand } from '#/kit/command-line/command.ts';
import { missingPrograms, packagesOf, programs } from '../_programs/catalog.ts';
import { installMissing } from '../_programs/install.ts';
import { testFiles } from './files.ts';
import { openMemoryDirectory } from './memory-directory.ts';
import { failuresIn, runShown, runSilently } from './run.ts';

const help = `Usage: make test, make check, or npm test -- [options]

Checks types, lint and format, and runs the tests.

Options:
  --install  first installs the programs that the tests need and the machine lacks; INSTALL=0 does not
  --quick    runs only the tests that start no process
  --help     this text
  --version  which Marquee this is
`;
const options = {
  install: { type: 'boolean', default: false },
  quick: { type: 'boolean', default: false },
} as const;

const ava = 'ava/entrypoints/cli.js';
/**
 * A real Prometheus gives each scrape one second, and counts those that take longer as failed: what runs beside its test hardly
 * computes, and waits for minutes in all.
 */
const calm = new Set([
  'test/telemetry/prometheus.test.ts',
  'test/store/topologies.redis.test.ts',
  'test/store/redis.redis.test.ts',
  'test/ingest/leadership.test.ts',
]);

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Many tests wait more than they compute, so more files than cores run at a time; those of processes wait most. */
const filesAtATime = { inThreads: 4, ofProcesses: 5 };

async function main({ install, quick }: { install: boolean; quick: boolean }): Promise<number> {
  const startedAt = performance.now();
  if (install) installMissing(say);

  // 1. Static checks
  const checks = await Promise.all([
    // Each checker of its own derives most types again: four, the default, take twice the processor time of two.
    runSilently('types', 'typescript/bin/tsc', ['--checkers', '2']),
    runSilently('lint', 'oxlint/bin/oxlint', ['--deny-warnings']),
    runSilently('prose', '../test/_lint/prose.ts', []),
    runSilently('format', 'oxfmt/bin/oxfmt', ['--check']),
  ]);
  for (const { name, code, seconds, output } of checks) {
    say(code === 0 ? `${name}: passed in ${seconds} s` : `${output.trim()}\n${name}: failed`);
  }

  // 2. Tests: those in threads, those that leave processes running, those that need a calm machine
  const files = await testFiles();
  const inThreads = quick ? files.quick : [...files.quick, ...files.slow];
  const memory = openMemoryDirectory();
  if (memory !== null) process.env['TMPDIR'] = memory.path;
  const tests = [
    await runShown('tests', ava, [
      '--worker-threads',
      `--concurrency=${filesAtATime.inThreads}`,
      ...inThreads,
    ]),
  ];
  if (!quick) {
    const concurrent = files.processes.filter((path) => !calm.has(path));
    tests.push(
      await runShown('tests of processes', ava, [`--concurrency=${filesAtATime.ofProcesses}`, ...concurrent]),
    );
    tests.push(
      await runShown('calm tests', ava, [
        `--concurrency=${calm.size}`,
        ...files.processes.filter((path) => calm.has(path)),
      ]),
    );
  }

  // 3. Summary
  if (!quick) sayUntested();
  // Other tests may have printed a thousand lines since.
  for (const test of tests) for (const line of failuresIn(test.output)) say(line);
  const failed = [...checks, ...tests].filter(({ code }) => code !== 0).map(({ name }) => name);
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  say(failed.length === 0 ? `All passed in ${seconds} s.` : `Failed: ${failed.join(', ')} (${seconds} s).`);
  return failed.length === 0 ? 0 : 1;
}

function sayUntested(): void {
  const missing = missingPrograms();
  if (missing.length === 0) return;
  say('Not tested, because a program is missing:');
  for (const name of missing) say(`  ${name.padEnd(13)} ${programs[name].tests}`);
  say(`To test that too: apt-get install ${packagesOf(missing).join(' ')}`);
}

process.exitCode = await runCommand(process.argv.slice(2), { help, options }, main);
