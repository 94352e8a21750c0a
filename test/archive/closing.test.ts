// The thread that owns the SQLite connection ends with the archive, and ends nothing else.

import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { openArchive } from '#/archive/archive.ts';
import { directoryFor } from '../_support/directory.ts';

test('a process that waits for nothing but the end of its archive closes it, and exits with 0', async (t) => {
  const directory = await directoryFor(t);
  const script = join(import.meta.dirname, '_closes.ts');
  const url = `sqlite:${join(directory, 'archive.sqlite')}`;
  const { stdout } = await promisify(execFile)(process.execPath, [script, url]);
  t.is(stdout, 'closed\n');
  t.deepEqual(await readdir(directory), ['archive.sqlite'], 'with its log copied to the file');
});

test('an archive that is closed says so, and one that cannot be opened says why', async (t) => {
  const directory = await directoryFor(t);
  const archive = await openArchive(`sqlite:${join(directory, 'archive.sqlite')}`);
  await archive.close();
  await t.throwsAsync(archive.lastVersion());
  await t.throwsAsync(openArchive(`sqlite:${join(directory, 'nowhere', 'archive.sqlite')}`), {
    message: /unable to open database file/,
  });
});
