// How the repository is checked, built and installed. The files of its deployment have tests in ops/.

import { execFile } from 'node:child_process';
import { access, constants, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { readJson, readYaml, root, type PackageFile } from './ops/_files.ts';

interface Workflow {
  permissions: Record<string, string>;
  jobs: Record<string, { steps: { uses?: string; run?: string }[] }>;
}

test('continuous integration runs .ci/run with read permission only', async (t) => {
  const ci = await readYaml<Workflow>('.github/workflows/ci.yml');
  const codeql = await readYaml<Workflow>('.github/workflows/codeql.yml');
  t.deepEqual(ci.permissions, { contents: 'read' });
  t.deepEqual(codeql.permissions, { contents: 'read' });
  const steps = Object.values(ci.jobs).flatMap((job) => job.steps);
  t.true(steps.some((step) => step.run?.includes('.ci/run')));
  const uses = Object.values(codeql.jobs).flatMap((job) => job.steps.map((step) => step.uses ?? ''));
  t.true(uses.some((action) => action.startsWith('github/codeql-action/analyze@')));

  const { updates } = await readYaml<{ updates: { directory: string }[] }>('.github/dependabot.yml');
  for (const { directory } of updates) await t.notThrowsAsync(access(join(root, directory)), directory);

  t.true(((await stat(join(root, '.ci/run'))).mode & constants.S_IXUSR) !== 0);
  await t.notThrowsAsync(promisify(execFile)('bash', ['-n', join(root, '.ci/run')]));
});

test('the Makefile has its documented targets, and make without a target lists them', async (t) => {
  const { stdout } = await promisify(execFile)('make', ['--no-print-directory'], { cwd: root });
  for (const target of [
    'help',
    'run',
    'test',
    'check',
    'load',
    'load-compare',
    'lint',
    'format',
    'clean',
    'clean-data',
  ]) {
    t.regex(stdout, new RegExp(`^ +make ${target} +\\S`, 'm'));
  }
});

test('make clean keeps the archive, and make clean-data deletes it only with a confirmation', async (t) => {
  const make = (...args: string[]) =>
    promisify(execFile)('make', ['--no-print-directory', ...args], { cwd: root });
  t.notRegex((await make('--dry-run', 'clean')).stdout, /\bdata\b/);
  const refused = await t.throwsAsync(make('clean-data'), { message: /DELETE=archive/ });
  t.truthy(refused);
  t.regex((await make('--dry-run', 'clean-data', 'DELETE=archive')).stdout, /rm -rf data$/m);
});

test('every file in an npm script exists', async (t) => {
  const { scripts } = await readJson<PackageFile>('package.json');
  for (const [name, command] of Object.entries(scripts)) {
    for (const [, file] of command.matchAll(/\bnode (\S+\.[jt]s)/g))
      await t.notThrowsAsync(access(join(root, file!)), `npm run ${name}`);
  }
});

test('every package has an exact version, and the lock file agrees', async (t) => {
  const { dependencies, devDependencies } = await readJson<PackageFile>('package.json');
  const lock = await readJson<{ packages: Record<string, { version: string }> }>('package-lock.json');
  for (const [name, asked] of Object.entries({ ...dependencies, ...devDependencies })) {
    // A package under another name: `npm:NAME@VERSION`.
    const version = asked.replace(/^npm:[\w./@-]+@(?=\d)/, '');
    t.regex(version, /^\d+\.\d+\.\d+(-[\w.]+)?$/, name);
    t.is(lock.packages[`node_modules/${name}`]?.version, version, name);
  }
});
