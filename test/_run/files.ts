// Sorts the test files by what they need, which their imports tell. Files that start no process, or that only run programs to
// their end, run in threads of AVA: a file in a thread takes 0.4 s of the processor less than in a process. The quick files
// that start no process are what `make check` runs.

import { glob, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { root } from './run.ts';

/** Files that start no process but wait or compute for some four seconds or more. */
const slow = new Set([
  'test/http/listeners.test.ts',
  'test/ingest/feeds/feed-run.test.ts',
  'test/ingest/feeds/parse-deadline.test.ts',
  'test/ingest/feeds/parse-pool.test.ts',
  'test/supervisor/processes/watchdog.test.ts',
  'test/bit-flips.test.ts',
  'test/domain/zones.test.ts',
  'test/load/oracle.test.ts',
  'test/oracle.test.ts',
  'test/provider/disguised-values.test.ts',
  'test/provider/framing.test.ts',
  'test/provider/hostile-encoding.test.ts',
  'test/provider/hostile-formats.test.ts',
  'test/provider/hostile-http.test.ts',
  'test/provider/hostile-values.test.ts',
  'test/provider/hostile-xml.test.ts',
  'test/provider/jsonld.test.ts',
  'test/provider/mapped.test.ts',
  'test/provider/ndjson.test.ts',
  'test/provider/split.test.ts',
  'test/provider/truncation.test.ts',
  'test/search/changes.test.ts',
  'test/search/search.test.ts',
  'test/snapshot/gzip.test.ts',
  'test/ingest/feeds/paged-run.test.ts',
  'test/search/events.test.ts',
  'test/ingest/feeds/polling-clock.test.ts',
  'test/http/slow-readers.test.ts',
  'test/http/throttle.test.ts',
]);

export interface TestFiles {
  /** Files that start no process, and take less than some four seconds. */
  readonly quick: readonly string[];
  /** The other files that run in a thread: AVA may end it at any time, and no process is left behind. */
  readonly slow: readonly string[];
  readonly processes: readonly string[];
}

/** What a file starts: nothing, programs whose end it waits for, or processes that it must end itself. */
const kinds = ['nothing', 'programs', 'processes'] as const;
type Kind = (typeof kinds)[number];

/** Imports of node:child_process that end by themselves. */
const programsOnly =
  /^import \{ (execFile|execFileSync|spawnSync)(, (execFile|execFileSync|spawnSync))* \} from/;

/** Of TypeScript: the texts of a test may have modules of another kind. */
const imports = / from '(\.[^']+\.ts)'/g;

/** Paths from the root of the repository, sorted. */
export async function testFiles(): Promise<TestFiles> {
  const known = new Map<string, Promise<Kind>>();

  /** What a file starts, or a file of the tests that it imports. */
  function started(path: string): Promise<Kind> {
    const answer = known.get(path) ?? look(path);
    known.set(path, answer);
    return answer;
  }

  async function look(path: string): Promise<Kind> {
    const code = await readFile(join(root, path), 'utf8');
    const own = /^.* from 'node:(child_process|cluster)'/m.exec(code)?.[0];
    if (own !== undefined && !programsOnly.test(own)) return 'processes';
    const imported = Array.from(code.matchAll(imports), ([, name = '']) => join(dirname(path), name));
    const others = await Promise.all(imported.filter((name) => name.startsWith('test/')).map(started));
    const all = [...others, own === undefined ? 'nothing' : 'programs'] as const;
    return kinds.findLast((kind) => all.includes(kind)) ?? 'nothing';
  }

  const files = { quick: [] as string[], slow: [] as string[], processes: [] as string[] };
  for (const path of await allTests()) {
    const kind = await started(path);
    if (kind === 'processes') files.processes.push(path);
    else (slow.has(path) || kind === 'programs' ? files.slow : files.quick).push(path);
  }
  return files;
}

async function allTests(): Promise<string[]> {
  const files: string[] = [];
  for await (const path of glob('test/**/*.test.ts', { cwd: root })) files.push(path);
  return files.toSorted();
}
