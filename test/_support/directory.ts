import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';

/** An empty directory that is removed when the test ends, also when it fails. */
export async function directoryFor(t: ExecutionContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'marquee-test-'));
  t.teardown(() => rm(directory, { recursive: true, force: true }));
  return directory;
}
