// Sorts the test files by what they need. Files that start no process, found by their imports, run in threads of AVA, which
// costs a third less processor time than processes; the quick ones of them are what `make check` runs.

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

export interface TestFiles {
  /** Files that start no process, and take less than five seconds. */
  readonly quick: readonly string[];
  /** The other files that start no process. */
  readonly slow: readonly string[];
  readonly processes: readonly string[];
}

/** Paths from the root of the repository, sorted. */
export async function testFiles(): Promise<TestFiles> {
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

  const files = { quick: [] as string[], slow: [] as string[], processes: [] as string[] };
  for (const path of await allTests()) {
    if (await starts(path)) files.processes.push(path);
    else (slow.has(path) ? files.slow : files.quick).push(path);
  }
  return files;
}

async function allTests(): Promise<string[]> {
  const files: string[] = [];
  for await (const path of glob('test/**/*.test.ts', { cwd: root })) files.push(path);
  return files.toSorted();
}
