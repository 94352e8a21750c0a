// Processes without free descriptors: real limits on real processes.

import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { endingOf } from '../_servers/ending.ts';
import { longTest } from '../_support/long.ts';
import {
  directoryFor,
  inShell,
  launchSystem,
  startSystem,
  until,
  type Status,
  type System,
} from './_system.ts';

/** A provider that does not answer. */
const environment = { PROVIDER_URL: 'http://127.0.0.1:9/nobody', API_WORKERS: '1' };

const descriptors = 70;
const ending = endingOf(test);
let shared: Promise<System> | null = null;

/** One system with few descriptors, for the tests up to the one that ends it. */
const narrowSystem = (): Promise<System> => (shared ??= startNarrow());

async function startNarrow(): Promise<System> {
  const DATA_DIR = await directoryFor(ending);
  return startSystem(ending, { ...environment, DATA_DIR }, inShell(`ulimit -n ${descriptors}`));
}

test.afterEach.always('what it printed', async (t) => {
  if (!t.passed && shared !== null) t.log((await shared).output().split('\n').slice(-25).join('\n'));
});

/** Sets the limit below the number of open descriptors, and back. The hard limit stays. */
function limit(pid: number, soft: number): void {
  execFileSync('prlimit', ['--pid', String(pid), `--nofile=${soft}:`]);
}

/** Leaves the process this many free descriptors. A child that ends frees one, a fork takes four. */
function leave(pid: number, free: number): void {
  const open = readdirSync(`/proc/${pid}/fd`).map(Number);
  let soft = 0;
  while (soft - open.filter((descriptor) => descriptor < soft).length < free) soft++;
  limit(pid, soft);
}

/** Idle connections, including those that the other side has closed. */
async function idleConnections(t: ExecutionContext, url: string, count: number): Promise<Socket[]> {
  const { hostname, port } = new URL(url);
  const sockets = Array.from({ length: count }, () =>
    connect(Number(port), hostname)
      .resume()
      .on('error', () => undefined),
  );
  t.teardown(() => sockets.forEach((socket) => socket.destroy()));
  await Promise.all(sockets.map((socket) => once(socket, 'connect').catch(() => undefined)));
  return sockets;
}

const workerOf = async (system: System): Promise<Status['workers'][number]> =>
  (await system.status()).workers[0]!;

async function untilReplaced(system: System, pid: number | null): Promise<void> {
  await until('another worker is ready', async () => {
    const worker = await workerOf(system);
    return worker.ready && worker.pid !== pid;
  });
}

test.serial('a gauge that cannot be read ends no process, and keeps its last value', async (t) => {
  const system = await narrowSystem();
  const { workers, ingest } = await system.status();
  const [held] = await idleConnections(t, system.url, 1);
  await until('it has told its memory', async () => (await workerOf(system)).rssMegabytes !== null);
  const pids = [workers[0]!.pid!, ingest!.pid!, system.pid];
  for (const pid of pids) limit(pid, 5);
  // Some heartbeats of each.
  await sleep(1000);
  held!.write('GET /search HTTP/1.1\r\nHost: localhost\r\n\r\n');
  const [answer] = (await once(held!, 'data')) as [Buffer];
  t.regex(String(answer), /^HTTP\/1\.1 200 /);
  for (const pid of pids) limit(pid, descriptors);
  const status = await system.status();
  t.deepEqual([status.workers[0]!.pid, status.ingest!.pid, system.pid], pids);
  t.true(status.workers[0]!.rssMegabytes! > 0);
  t.regex(await system.metrics(), /^marquee_worker_up\{slot="0"\} 1$/m);
});

test.serial('more connections than descriptors end no worker, and those it has are answered', async (t) => {
  const system = await narrowSystem();
  t.regex(system.output(), /CONNECTIONS_MAX: got 10000, an API worker accepts 22: .* 70 descriptors/);
  t.is((await system.status()).connectionsMax, 22);
  const sockets = await idleConnections(t, system.url, 120);
  await until(
    'those beyond are closed',
    () => sockets.filter(({ readyState }) => readyState === 'open').length <= 22,
  );
  const held = sockets.find(({ readyState }) => readyState === 'open');
  held!.write('GET /search HTTP/1.1\r\nHost: localhost\r\n\r\n');
  const [answer] = (await once(held!, 'data')) as [Buffer];
  t.regex(String(answer), /^HTTP\/1\.1 200 /);
  for (const socket of sockets) socket.destroy();
  await until('it answers everybody again', async () => (await system.search()).includes('events'));
  t.like(await workerOf(system), { restarts: 0 });
});

test.serial(
  'a failed fork counts as a death: logged, counted, retried, and nothing waits for it',
  async (t) => {
    const system = await narrowSystem();
    const { pid } = await workerOf(system);

    // 1. Too few descriptors are left for a fork, or for a connection of the admin port
    leave(system.pid, 0);
    process.kill(pid!, 'SIGKILL');
    await until('it is degraded', () =>
      system.output().includes('api worker 0 is in a crash loop: degraded'),
    );
    t.regex(system.output(), /api worker 0 cannot be forked: spawn .* EMFILE; retrying in \d+ ms/);
    system.kill('SIGHUP');
    await until('the reload has an end', () =>
      /SIGHUP: The reload was rolled back.*EMFILE/.test(system.output()),
    );

    // 2. Descriptors are available again
    limit(system.pid, descriptors);
    t.is((await system.status()).state, 'degraded');
    await untilReplaced(system, pid);
    await system.search();
    t.regex(await system.metrics(), /^marquee_restarts_total\{slot="0",reason="fork"\} [1-9]/m);

    // 3. Stopping while a worker cannot be forked
    const second = await workerOf(system);
    const failures = (): number => system.output().match(/cannot be forked/g)?.length ?? 0;
    const before = failures();
    leave(system.pid, 0);
    process.kill(second.pid!, 'SIGKILL');
    await until('it could not be forked', () => failures() > before);
    system.kill('SIGTERM');
    t.is(await system.ended, 0);
  },
);

longTest(test.serial)('idle connections of the admin port leave descriptors for a fork', async (t) => {
  const DATA_DIR = await directoryFor(t);
  const system = await startSystem(t, { ...environment, DATA_DIR }, inShell('ulimit -n 60'));
  const { pid } = await workerOf(system);
  const sockets = await idleConnections(t, system.adminUrl, 60);
  process.kill(pid!, 'SIGKILL');
  await until('they are closed', () => sockets.every(({ readyState }) => readyState === 'closed'));
  await untilReplaced(system, pid);
  t.notRegex(system.output(), /cannot be forked/);
});

test.serial('a system without descriptors for any worker does not report that it serves', async (t) => {
  const DATA_DIR = await directoryFor(t);
  const system = await launchSystem(t, { ...environment, DATA_DIR, ROLES: 'api' }, inShell('ulimit -n 24'));
  await until(
    'it tries again',
    () => (system.output().match(/api worker 0 (cannot be forked|exited unexpectedly)/g)?.length ?? 0) > 1,
  );
  t.notRegex(system.output(), /search at/);
  system.kill('SIGTERM');
  t.is(await system.ended, 0, system.output());
});
