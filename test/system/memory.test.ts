// With a memory limit by a cgroup, processes are replaced gracefully before the kernel kills one.

import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { memoryShare } from '#/kit/machine/memory.ts';
import { directoryFor, startSystem, until } from './_system.ts';

/** So little that every process is beyond its share once it has started, and so much that the kernel has no need to kill. */
const bytes = 524_288_000;

interface Cgroup {
  enter(): void;
  leave(): void;
  kills(): number;
}

/** A cgroup for the test, version 1 or 2, removed when it ends; null when none can be created. */
function cgroupFor(t: ExecutionContext): Cgroup | null {
  const isOne = existsSync('/sys/fs/cgroup/memory/cgroup.procs');
  const top = isOne ? '/sys/fs/cgroup/memory' : '/sys/fs/cgroup';
  const own = /^(?:\d+:memory|0:):(.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1] ?? '/';
  const path = join(top, `marquee-test-${process.pid}`);
  try {
    mkdirSync(path);
    t.teardown(() => until('it is empty', () => (rmdirSync(path), true), 10_000));
    writeFileSync(join(path, isOne ? 'memory.limit_in_bytes' : 'memory.max'), String(bytes));
    // Checks that processes may be moved.
    const home = existsSync(join(top, own, 'cgroup.procs')) ? join(top, own) : top;
    const move = (to: string): void => writeFileSync(join(to, 'cgroup.procs'), String(process.pid));
    move(path);
    move(home);
    return {
      enter: () => move(path),
      leave: () => move(home),
      kills() {
        const events = readFileSync(join(path, isOne ? 'memory.oom_control' : 'memory.events'), 'utf8');
        return Number(/^oom_kill (\d+)$/m.exec(events)?.[1]);
      },
    };
  } catch (error) {
    t.log(`SKIPPED: no cgroup can be made here: ${String(error)}`);
    return null;
  }
}

test('the limits are a share of the cgroup, and workers that reach theirs are replaced gracefully', async (t) => {
  t.timeout(120_000);
  const cgroup = cgroupFor(t);
  if (cgroup === null) {
    t.pass();
    return;
  }
  const directory = await directoryFor(t);
  cgroup.enter();
  const environment = { DATA_DIR: directory, PROVIDER_URL: 'http://127.0.0.1:1/feed', API_WORKERS: '2' };
  const system = await startSystem(t, environment).finally(cgroup.leave);
  const share = memoryShare(Math.floor(bytes / 1e6), 2, 1);
  const { workers, ingest } = (await system.status()) as unknown as {
    workers: { limits: object }[];
    ingest: { limits: object };
  };
  for (const { limits } of workers) t.like(limits, { memoryMegabytes: share });
  t.like(ingest.limits, { memoryMegabytes: share });
  // So small a share that a new process exceeds it.
  await until(
    'each is replaced',
    () => new Set(system.output().match(/(api worker \d|ingest) uses/g)).size === 3,
  );
  await until('all are ready', async () => {
    const status = await system.status();
    return status.workers.every(({ ready }) => ready) && status.ingest!.ready;
  });
  const status = await system.status();
  t.deepEqual(
    [...status.workers, status.ingest!].map(({ restarts }) => restarts),
    [0, 0, 0],
    'none of which was a death',
  );
  t.is(cgroup.kills(), 0);
  system.kill('SIGTERM');
  t.is(await system.ended, 0, system.output());
});
