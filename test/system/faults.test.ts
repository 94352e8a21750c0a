// Real faults around the search: the provider, a worker, the disk, the terminal, the configuration.

import { once } from 'node:events';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { Agent, get, type IncomingMessage } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import type { Misbehaviour } from '../../load/simulator/misbehaviour.ts';
import { startSimulator, type Simulator } from '../../load/simulator/server.ts';
import { openLocalStore } from '#/store/local.ts';
import { variables } from '#/variables.ts';
import { endingOf } from '../_servers/ending.ts';
import { isLong, longTest } from '../_support/long.ts';
import {
  directoryFor,
  freePort,
  groupLives,
  nextRun,
  run,
  startSystem,
  until,
  type Environment,
  type System,
} from './_system.ts';

const everything = '?starts_at=2021-02-01T00:00:00Z&ends_at=2022-07-03T00:00:00Z';
const queries = [
  '',
  everything,
  '?starts_at=2021-06-30T21:00:00Z&ends_at=2021-06-30T22:00:00Z',
  '?starts_at=2021-02-11',
  '?ends_at=2021-02-10',
  '?starts_at=2030-01-01',
];

const ending = endingOf(test);

/** What the tests of this file share: a provider and a system in front of it, on one directory. */
interface Shared {
  readonly directory: string;
  readonly environment: Environment;
  readonly feed: string;
  readonly port: number;
  /** Null while it is down. */
  simulator: Simulator | null;
  /** Null when a test has ended it. */
  system: System | null;
}
let shared: Promise<Shared> | null = null;

/** A provider that is polled often, and given up after a second. Without ETags: each run reads the feed again. */
async function share(): Promise<Shared> {
  const directory = await directoryFor(ending);
  const simulator = await startSimulator({ port: 0 });
  const feed = await (await fetch(`${simulator.url}/plans?response=1`)).text();
  simulator.setRaw('feed', feed);
  const file = join(directory, 'providers.json');
  const provider = {
    name: 'stagedoor',
    url: `${simulator.url}/raw/feed?etag=0`,
    format: 'plan-list-xml',
    pollSeconds: 0.2,
    timeoutSeconds: 1,
  };
  await writeFile(file, JSON.stringify({ providers: [provider] }));
  const environment = {
    DATA_DIR: join(directory, 'data'),
    PROVIDERS_FILE: file,
    API_WORKERS: '2',
    LOG_LEVEL: 'warn',
  };
  const { port } = simulator;
  const all: Shared = { directory, environment, feed, port, simulator, system: null };
  ending.teardown(() => all.simulator?.close());
  return all;
}

/** The system that the test before has left, or another on the same directory: it serves the four events of its provider. */
async function runningSystem(): Promise<Shared & { readonly simulator: Simulator; readonly system: System }> {
  const all = await (shared ??= share());
  if (all.simulator === null) {
    all.simulator = await startSimulator({ port: all.port });
    all.simulator.setRaw('feed', all.feed);
  }
  const system = (all.system ??= await startSystem(ending, all.environment));
  await serves(system, 4);
  return Object.assign(all, { simulator: all.simulator, system });
}

/** Another system on the same directory; in the short form with one worker. */
async function restarted(environment: Environment): Promise<System> {
  const system = await startSystem(ending, { ...environment, ...(!isLong && { API_WORKERS: '1' }) });
  (await shared)!.system = system;
  return system;
}

/** It must end with exit code 0, and leave no process. */
async function endedWell(t: ExecutionContext): Promise<void> {
  const all = await shared!;
  const { system } = all;
  all.system = null;
  t.is(await system!.ended, 0, system!.output());
  t.false(groupLives(system!.pid));
}

async function takeProviderDown(): Promise<void> {
  const all = await shared!;
  await all.simulator?.close();
  all.simulator = null;
}

test.afterEach.always('what it printed', async (t) => {
  const system = (await shared)?.system ?? null;
  if (t.passed || system === null) return;
  t.log(system.output().split('\n').slice(-25).join('\n'));
  // Whatever state it is in: the next test starts another.
  system.killGroup('SIGKILL');
  await system.ended;
  (await shared)!.system = null;
});

const serves = (system: System, events: number): Promise<void> =>
  until(`every worker serves ${events} events`, async () => {
    const status = await system.status();
    return status.events === events && status.workers.every(({ version }) => version === status.version);
  });

const answersOf = (system: System): Promise<string[]> =>
  Promise.all(queries.map((query) => system.search(query)));

interface Fault {
  readonly name: string;
  readonly misbehaviour: Misbehaviour;
  /** Absent when it depends on whether a record was received before. */
  readonly outcome?: 'failed' | 'incomplete';
  readonly code: string;
  readonly message: RegExp;
}

const faults: readonly Fault[] = [
  {
    name: 'answers 503',
    misbehaviour: { status: 503 },
    outcome: 'failed',
    code: 'http_status',
    message: /503/,
  },
  {
    name: 'keeps silent',
    misbehaviour: { latencyMs: 60_000 },
    outcome: 'failed',
    code: 'timed_out',
    message: /./,
  },
  {
    name: 'ends the body early',
    misbehaviour: { truncateAt: 1800 },
    outcome: 'incomplete',
    code: 'feed_truncated',
    message: /ended/,
  },
  {
    name: 'loses the connection',
    misbehaviour: { truncateAt: 1800, cut: 'reset' },
    code: 'connection_lost',
    message: /./,
  },
  {
    name: 'stalls',
    misbehaviour: { stallAfter: 1800 },
    outcome: 'incomplete',
    code: 'timed_out',
    message: /./,
  },
  {
    name: 'drips',
    misbehaviour: { dripBytesPerSecond: 1700 },
    outcome: 'incomplete',
    code: 'timed_out',
    message: /./,
  },
  {
    name: 'sends an HTML page',
    misbehaviour: { body: 'html' },
    outcome: 'failed',
    code: 'root_unexpected',
    message: /html/,
  },
];

test.serial('every failure of a provider is in /status, and changes nothing', async (t) => {
  t.timeout(120_000);
  const { simulator, system } = await runningSystem();
  const before = await answersOf(system);
  const version = (await system.status()).version;

  for (const { name, misbehaviour, outcome, code, message } of faults) {
    simulator.misbehave(misbehaviour);
    const failed = await nextRun(system, 'stagedoor', (last) => last.code === code);
    t.is(failed.code, code, name);
    if (outcome === undefined) t.regex(failed.outcome, /^(failed|incomplete)$/, name);
    else t.is(failed.outcome, outcome, name);
    t.regex(failed.message ?? '', message, name);
    t.is(failed.counts['withdrawn'], 0, name);
    t.deepEqual(await answersOf(system), before, name);

    // If anything had been withdrawn or lost, the complete feed would list or add it again.
    simulator.misbehave(null);
    const mended = await nextRun(system, 'stagedoor', (last) => last.code === null);
    t.like(mended, { outcome: 'unchanged', counts: { records: 3, relisted: 0, added: 0 } }, name);
  }
  t.is((await system.status()).version, version, 'no version was published');
});

test.serial(
  'a provider that is down is reported in /status, and its feed is read again when it is back',
  async (t) => {
    t.timeout(120_000);
    const { system } = await runningSystem();
    const before = await answersOf(system);

    await takeProviderDown();
    const failed = await nextRun(system, 'stagedoor', (last) => last.code === 'unreachable');
    t.like(failed, { outcome: 'failed', code: 'unreachable' });
    t.regex(failed.message ?? '', /ECONNREFUSED/);
    t.deepEqual(await answersOf(system), before);

    await runningSystem();
    const mended = await nextRun(system, 'stagedoor', (last) => last.code === null);
    t.is(mended.outcome, 'unchanged');
  },
);

test.serial('an API worker that is killed is replaced, and the search continues meanwhile', async (t) => {
  t.timeout(120_000);
  const { system } = await runningSystem();
  const before = await system.search();
  const [victim, other] = (await system.status()).workers;

  process.kill(victim!.pid!, 'SIGKILL');
  await until('its death was noticed', async () => (await system.status()).workers[0]!.restarts === 1);
  t.is(await system.search(), before, 'the other one answers');
  await until('another has taken its place', async () => {
    const { workers, version } = await system.status();
    return workers[0]!.ready && workers[0]!.version === version;
  });
  for (let i = 0; i < 4; i++) t.is(await system.search(), before);
  const { workers } = await system.status();
  t.not(workers[0]!.pid, victim!.pid);
  t.like(workers[1], { pid: other!.pid, restarts: 0 });
});

test.serial(
  'a damaged segment on the disk is repaired from the archive when a worker starts, and no answer lacks it',
  async (t) => {
    t.timeout(120_000);
    const { system, directory } = await runningSystem();
    const snapshots = join(directory, 'data', 'snapshots');
    const whole = await system.search();

    // 1. A segment is damaged, and a worker starts
    const store = await openLocalStore(snapshots);
    const version = (await store.currentVersion())!;
    const { segments } = await store.retrieveManifest(version);
    const path = join(snapshots, 'segments', segments[0]!.hash);
    const good = await readFile(path);
    const bad = Buffer.from(good);
    bad[bad.length >> 1]! ^= 1;
    await writeFile(path, bad);
    const victim = (await system.status()).workers[0]!;
    process.kill(victim.pid!, 'SIGKILL');
    const answers = new Set<string>();
    const begun = performance.now();
    // 2. Requests get complete answers: from the other worker, until the new one has everything
    await until('the new worker serves', async () => {
      answers.add(await system.search());
      const { workers, version: served } = await system.status();
      const isThere = workers[0]!.pid !== null && workers[0]!.pid !== victim.pid;
      return isThere && workers.every((worker) => worker.ready && worker.version === served);
    });
    t.log(`a worker that started on a bad segment served after ${Math.round(performance.now() - begun)} ms`);
    t.deepEqual([...answers], [whole]);
    t.true((await system.status()).workers[0]!.refusals > 0);
    t.deepEqual(await readFile(path), good);
    t.is(await store.currentVersion(), version);
  },
);

test.serial('ingest that is killed is replaced, catches up, and the workers go on', async (t) => {
  t.timeout(120_000);
  const { simulator, system, feed } = await runningSystem();
  const { workers, ingest } = await system.status();
  const before = await system.search();
  process.kill(ingest!.pid!, 'SIGKILL');
  simulator.setRaw('feed', feed.replaceAll('price="30.00"', 'price="32.50"'));
  await until('another has taken its place', async () => {
    const now = (await system.status()).ingest!;
    return now.restarts === 1 && now.ready && now.pid !== ingest!.pid;
  });
  const after = before.replace('"max_price":30', '"max_price":32.5');
  await until('the new price shows', async () => (await system.search()) === after);
  simulator.setRaw('feed', feed);
  await until('the old price shows', async () => (await system.search()) === before);
  const pids = (await system.status()).workers.map(({ pid }) => pid);
  t.deepEqual(
    pids,
    workers.map(({ pid }) => pid),
  );
});

test.serial('what a truncated feed still contains is taken, and what it lacks stays', async (t) => {
  t.timeout(120_000);
  const { simulator, system, feed } = await runningSystem();
  const before = await system.search(everything);

  const dearer = feed.replaceAll('price="30.00"', 'price="31.50"');
  simulator.setRaw('feed', dearer.slice(0, dearer.indexOf('base_plan_id="1591"')));
  await nextRun(system, 'stagedoor', (last) => last.outcome === 'incomplete');
  const after = before.replace('"max_price":30', '"max_price":31.5');
  await until('the new price shows', async () => (await system.search(everything)) === after);
  t.not(after, before);
  simulator.setRaw('feed', feed);
});

test.serial('a restart while the provider is down gives the same answers, byte for byte', async (t) => {
  t.timeout(120_000);
  const { system: first, environment } = await runningSystem();
  await until('the provider is read', async () => !(await first.search()).includes('31.5'));
  const before = await answersOf(first);
  first.kill('SIGTERM');
  await endedWell(t);

  await takeProviderDown();
  const second = await restarted(environment);
  t.deepEqual(await answersOf(second), before, 'from the first request on');
  await nextRun(second, 'stagedoor', (last) => last.code === 'unreachable');
  t.deepEqual(await answersOf(second), before);
});

test.serial(
  'snapshots that were deleted are built again from the archive, without the provider',
  async (t) => {
    t.timeout(120_000);
    const { system: first, environment, directory } = await runningSystem();
    const before = await answersOf(first);
    const { version } = await first.status();
    first.kill('SIGTERM');
    await endedWell(t);

    await takeProviderDown();
    await rm(join(directory, 'data', 'snapshots'), { recursive: true });
    const second = await restarted(environment);
    await serves(second, 4);
    t.deepEqual(await answersOf(second), before);
    t.true((await second.status()).version > version, 'a version is never given twice');
  },
);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // The short form has SIGTERM with a request on its way, and SIGINT to all processes in signals.test.ts.
  longTest(test.serial)(`${signal} ends everything with exit code 0, and leaves no process`, async (t) => {
    t.timeout(120_000);
    const { system } = await runningSystem();
    system.kill(signal);
    await endedWell(t);
  });
}

longTest(test.serial)(
  'Ctrl-C, which reaches every process at once, ends everything just as well',
  async (t) => {
    t.timeout(120_000);
    const { system } = await runningSystem();
    system.killGroup('SIGINT');
    await sleep(50);
    system.killGroup('SIGINT');
    await endedWell(t);
  },
);

test.serial('a request on its way when SIGTERM reaches the system is answered', async (t) => {
  t.timeout(120_000);
  const { system } = await runningSystem();
  const agent = new Agent({ keepAlive: true, maxSockets: 20 });
  t.teardown(() => agent.destroy());
  const ask = (): Promise<string[]> =>
    Promise.all(Array.from({ length: 20 }, () => bodyOf(`${system.url}/search`, agent)));
  const before = await ask();
  const asking = ask(); // over existing connections: a new one could be lost
  system.kill('SIGTERM');
  t.deepEqual(await asking, before);
  await endedWell(t);
});

async function bodyOf(url: string, agent: Agent): Promise<string> {
  const [answer] = (await once(get(url, { agent }), 'response')) as [IncomingMessage];
  return Buffer.concat(await answer.toArray()).toString();
}

test.serial('an invalid configuration exits with code 78 and reports all faults at once', async (t) => {
  const directory = await directoryFor(t);
  const file = join(directory, 'providers.json');
  const providers = [
    { name: 'fine', url: 'http://127.0.0.1:1/feed' },
    { name: 'Not Fine', url: 'ftp://127.0.0.1/feed', timeZone: 'Mars/Olympus', pollSecond: 3 },
  ];
  await writeFile(file, JSON.stringify({ providers }));
  const running = run(t, 'src/main.ts', {
    DATA_DIR: join(directory, 'data'),
    PORT: '70000',
    API_WORKERS: 'many',
    ROLES: 'api,cook',
    LOG_LEVEL: 'loud',
    PROVIDERS_FILE: file,
  });
  t.is(await running.ended, 78);
  const lines = running.errors().trim().split('\n');
  t.is(lines.length, 9, running.errors());
  for (const wanted of [
    /PORT: got "70000",.*65535/,
    /API_WORKERS: got "many",/,
    /ROLES: got "api,cook", expected api, ingest or api,ingest/,
    /LOG_LEVEL: got "loud",/,
    /providers\.1\.name: got "Not Fine"/,
    /providers\.1\.url: got "ftp:/,
    /providers\.1\.timeZone: got "Mars\/Olympus", expected an IANA time zone/,
    /pollSecond/,
  ]) {
    t.is(lines.filter((line) => wanted.test(line)).length, 1, String(wanted));
  }
  t.notRegex(running.errors(), /providers\.0/);
});

// test/config.test.ts has the text, and command-lines.test.ts that it is printed.
longTest(test.serial)('--help lists every variable and starts nothing', async (t) => {
  const running = run(t, 'src/main.ts', {}, ['--help']);
  t.is(await running.ended, 0);
  for (const name of Object.keys(variables)) t.regex(running.output(), new RegExp(`^ +${name} +\\S`, 'm'));
});

for (const [variable, other] of [
  ['PORT', 'ADMIN_PORT'],
  ['ADMIN_PORT', 'PORT'],
] as const) {
  test.serial(`a ${variable} in use is reported in one line`, async (t) => {
    t.timeout(120_000);
    const directory = await directoryFor(t);
    const taken = await freePort();
    const holder = createServer().listen(taken, '127.0.0.1');
    await once(holder, 'listening');
    t.teardown(() => void holder.close());
    const running = run(t, 'src/main.ts', {
      DATA_DIR: join(directory, 'data'),
      HOST: '127.0.0.1',
      API_WORKERS: '1',
      ROLES: 'api',
      PROVIDER_URL: 'http://127.0.0.1:1/feed',
      [variable]: String(taken),
      [other]: String(await freePort()),
    });
    t.is(await Promise.race([running.ended, sleep(15_000, 'still running')]), 69);
    const told = running
      .output()
      .split('\n')
      .filter((line) => line.includes(String(taken)));
    t.regex(told.join('\n'), /taken|in use/i);
    t.notRegex(running.output(), /^\s+at .*node:/m, 'no stack trace');
    t.false(running.output().includes('search at'), 'it is said only once it is true');
  });
}
