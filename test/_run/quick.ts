// The test files that start no process, found by their imports: for `make check`, which runs after every small change.

import { glob, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { root } from './run.ts';

/** Files that start no process but wait or compute for five seconds or more. */
const slow = new Set([
  'test/ingest/feeds/feed-run.test.ts',
  'test/ingest/leadership.test.ts',
  'test/ingest/feeds/parse-deadline.test.ts',
  'test/ingest/feeds/parse-pool.test.ts',
  'test/supervisor/watchdog.test.ts',
  'test/bit-flips.test.ts',
  'test/domain/zones.test.ts',
  'test/load/oracle.test.ts',
  'test/oracle.test.ts',
  'test/provider/disguised-values.test.ts',
  'test/provider/framing.test.ts',
  'test/provider/hostile-encoding.test.ts',
  'test/provider/hostile-http.test.ts',
  'test/provider/hostile-values.test.ts',
  'test/provider/hostile-xml.test.ts',
  'test/provider/ndjson.test.ts',
  'test/provider/split.test.ts',
  'test/provider/truncation.test.ts',
  'test/search/search.test.ts',
  'test/snapshot/gzip.test.ts',
]);

/** Paths from the root of the repository, sorted. */
export async function quickTests(): Promise<string[]> {
  const startsProcess = new Map<string, Promise<boolean>>();

  /** Whether a file, or a file of the tests that it imports, can start a process. */
  function starts(path: string): Promise<boolean> {
    const known = startsProcess.get(path);
    if (known !== undefined) return known;
    const answer = look(path);
    startsProcess.set(path, answer);
    return answer;
  }

  async function look(path: string): Promise<boolean> {
    const code = await readFile(join(root, path), 'utf8');
    if (/from 'node:(child_process|cluster)'/.test(code)) return true;
    const imported = Array.from(code.matchAll(/from '(\.[^']+)'/g), ([, name = '']) =>
      join(dirname(path), name),
    );
    return (await Promise.all(imported.filter((name) => name.startsWith('test/')).map(starts))).some(Boolean);
  }

  const quick: string[] = [];
  for (const path of await allTests()) if (!slow.has(path) && !(await starts(path))) quick.push(path);
  return quick;
}

/** Every test file, sorted. */
export async function allTests(): Promise<string[]> {
  const files: string[] = [];
  for await (const path of glob('test/**/*.test.ts', { cwd: root })) files.push(path);
  return files.toSorted();
}
