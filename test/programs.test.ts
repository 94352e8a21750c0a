// A test without its program is skipped and listed, and never fails.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { missingPrograms, packagesOf, programs } from './_programs/catalog.ts';
import { directoryFor } from './_support/directory.ts';
import { testFiles } from './_run/files.ts';
import { openMemoryDirectory } from './_run/memory-directory.ts';
import { failuresIn, root } from './_run/run.ts';

test('a missing program skips its tests, and fails none', async (t) => {
  const path = join(await directoryFor(t), 'bin');
  await mkdir(path);
  await symlink(process.execPath, join(path, 'node'));
  const ava = join(root, 'node_modules/ava/entrypoints/cli.js');
  const files = ['test/ops/balancer.test.ts', 'test/load/page.test.ts', 'test/store/lease.redis.test.ts'];
  const { stdout } = await promisify(execFile)(process.execPath, [ava, '--tap', ...files], {
    cwd: root,
    env: { ...process.env, PATH: path },
  });
  t.regex(stdout, /# skip [1-9]/);
  t.regex(stdout, /# fail 0/);
});

test('the packages of missing programs are listed once', (t) => {
  t.deepEqual(packagesOf(['postgres', 'initdb', 'prometheus', 'promtool']), ['postgresql', 'prometheus']);
  for (const name of missingPrograms()) t.truthy(programs[name].tests);
});

test('the end of a run names each test that failed, and each error outside a test', async (t) => {
  const directory = await directoryFor(t);
  await symlink(join(root, 'node_modules'), join(directory, 'node_modules'));
  await writeFile(join(directory, 'package.json'), '{"type":"module"}');
  await writeFile(
    join(directory, 'failing.test.js'),
    `import test from 'ava';
    test('one is two', (t) => t.is(1, 2));
    test('one is one', async (t) => {
      t.is(1, 1);
      setTimeout(() => { throw new Error('too late'); }, 1);
      await new Promise((resolve) => setTimeout(resolve, 100));
    });`,
  );
  const ava = join(root, 'node_modules/ava/entrypoints/cli.js');
  const error = await t.throwsAsync(promisify(execFile)(process.execPath, [ava], { cwd: directory }));
  const failures = failuresIn((error as unknown as { stdout: string }).stdout).join('\n');
  t.regex(failures, /^✘ \[fail\]: .*one is two\n +Difference .*\n[^✘]*- 1\n +\+ 2$/m);
  t.regex(failures, /^✘ Uncaught exception in .*failing.test.js: .*too late/m);
  t.notRegex(failures, /one is one/);
});

test('what a test that failed says is found by its whole title, and said once', (t) => {
  const lines = [
    '✘ [fail]: store › the store keeps it 1 is not 2',
    'store › the',
    'another line',
    '✘ [fail]: store › the store keeps it 1 is not 2',
    '─',
    'store › the store keeps it',
    'test/store.test.ts:3',
    '3: t.is(1, 2);',
    'Difference (- actual, + expected):',
    '› file://test/store.test.ts:3:5',
  ];
  t.deepEqual(failuresIn(lines.join('\n')), [`${lines[0]}\n    Difference (- actual, + expected):`]);
});

test('a process of a test ends with its own exit code, and after all that waits for its end', async (t) => {
  const program = `process.exitCode = 3;
    setTimeout(() => process.on('exit', (code) => console.log('ended with', code)), 10);`;
  const error = await t.throwsAsync(
    promisify(execFile)(process.execPath, ['--import', './test/_run/end.ts', '--eval', program], {
      cwd: root,
    }),
  );
  const { code, stdout } = error as unknown as { readonly code: number; readonly stdout: string };
  t.is(code, 3);
  t.is(stdout, 'ended with 3\n');
});

test('the quick tests are those that start no process', async (t) => {
  const { quick } = await testFiles();
  t.true(quick.includes('test/domain/query.test.ts'));
  t.false(quick.some((path) => path.startsWith('test/system/') || path.includes('.postgres.')));
});

test('a file that only runs programs to their end runs in a thread, one that leaves processes running does not', async (t) => {
  const { slow, processes } = await testFiles();
  t.true(slow.includes('test/ops/compose.test.ts'));
  t.true(processes.includes('test/system/kill.test.ts'));
  t.false(slow.some((path) => path.startsWith('test/system/') || path.includes('.postgres.')));
});

test('a directory in memory runs programs, is removed at the end, and so is one that a killed run left', async (t) => {
  // The largest process id of Linux is 2^22: no process has this one.
  const abandoned = '/dev/shm/marquee-tests-4194305';
  await mkdir(join(abandoned, 'data'), { recursive: true }).catch(() => undefined);
  t.teardown(() => rm(abandoned, { recursive: true, force: true }));
  const memory = openMemoryDirectory();
  if (memory === null) return void t.pass('This machine has too little memory, or no file system in it.');
  t.teardown(memory.remove);
  t.false(existsSync(abandoned));
  const program = join(memory.path, 'hello');
  await writeFile(program, '#!/bin/sh\necho hello\n', { mode: 0o755 });
  t.is((await promisify(execFile)(program)).stdout, 'hello\n');
  memory.remove();
  t.false(existsSync(memory.path));
});
