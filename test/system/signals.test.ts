// Signals that reach every process of the system, as systemd, some container runtimes and terminals send them.

import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { figure } from '../_chaos/stage.ts';
import { endingOf } from '../_servers/ending.ts';
import { notifyIsHere, startNotifySocket, type NotifySocket } from '../_servers/notify-socket.ts';
import { isLong, longTest } from '../_support/long.ts';
import { startTraffic, type Traffic } from '../_chaos/traffic.ts';
import {
  directoryFor,
  groupLives,
  launchSystem,
  root,
  run,
  startSystem,
  until,
  type System,
} from './_system.ts';

const rounds = isLong ? 20 : 1;
/** The log level shows what happens to children. The provider does not answer. */
const apiWorkers = isLong ? 2 : 1;
const environment = {
  LOG_LEVEL: 'debug',
  PROVIDER_URL: 'http://127.0.0.1:9/nobody',
  API_WORKERS: String(apiWorkers),
};

const childrenOf = async (system: System): Promise<number[]> => {
  const { workers, ingest } = await system.status();
  return [...workers.map(({ pid }) => pid), ingest?.pid ?? null].filter((pid) => pid !== null);
};

/** Asserts a graceful stop: no process died, none was forked again, none is left. */
async function endedWell(t: ExecutionContext, system: System): Promise<void> {
  t.is(await system.ended, 0, system.output());
  t.notRegex(system.output(), /"level":[56]0/, 'no error is logged');
  t.notRegex(system.output(), /exited unexpectedly|restarting|crash loop|replaces it/);
  t.is(
    system.output().match(/(api worker \d|ingest) started/g)?.length,
    apiWorkers + 1,
    'and nothing was forked again',
  );
  t.false(groupLives(system.pid));
}

/** Signals every process of a system with requests on their way, and stops the system with `signals[0]`. */
async function signalAll(
  t: ExecutionContext,
  system: System,
  signals: readonly NodeJS.Signals[],
  { pauses = true, suspended = false } = {},
): Promise<Traffic> {
  const children = await childrenOf(system);
  const port = Number(new URL(system.url).port);
  const traffic = startTraffic(t, { port, connections: 20, perSecond: isLong ? 200 : 100 });
  await until('there is traffic', () => traffic.answered > (isLong ? 100 : 30));
  if (!pauses) await traffic.stop();
  // Suspended, the supervisor has all of them pending: the lower number, SIGHUP, comes first.
  if (suspended) system.kill('SIGSTOP');
  for (const signal of signals) system.killGroup(signal);
  if (suspended) system.kill('SIGCONT');
  if (pauses) {
    // Until shortly before the end of the pause: later requests are not answered.
    await sleep(500);
    for (const pid of children) process.kill(pid, signals[0]);
    await sleep(500);
    await traffic.stop();
  }
  await endedWell(t, system);
  t.is(traffic.failed, 0, JSON.stringify([...traffic.faults]));
  return traffic;
}

for (const [signals, pauseSeconds] of [
  [['SIGTERM'], '4'],
  [['SIGTERM', 'SIGTERM', 'SIGHUP'], '4'],
  [['SIGINT', 'SIGINT'], '0'],
] as const) {
  // In the short form, the last test sends the second of these; run.test.ts has Ctrl-C.
  longTest(test.serial)(`${signals.join(', ')} to every process at once stops all gracefully`, async (t) => {
    t.timeout(60_000 * (rounds + 1));
    let [answered, failed] = [0, 0];
    for (let round = 0; round < rounds; round++) {
      const DATA_DIR = await directoryFor(t);
      const system = await startSystem(t, { ...environment, DATA_DIR, STOP_PAUSE_SECONDS: pauseSeconds });
      const traffic = await signalAll(t, system, signals, { pauses: pauseSeconds !== '0' });
      answered += traffic.answered;
      failed += traffic.failed;
    }
    figure(t, `${signals.join(', ')} to all, × ${rounds}`, `${failed} of ${answered + failed} failed`);
  });
}

const startSignals = isLong ? (['SIGTERM'] as const) : (['SIGINT', 'SIGINT'] as const);

test.serial('signals to every process while the children start stop all gracefully', async (t) => {
  for (let round = 0; round < rounds; round++) {
    const DATA_DIR = await directoryFor(t);
    const system = await launchSystem(t, { ...environment, DATA_DIR });
    await until('the children are there', async () => (await childrenOf(system)).length === apiWorkers + 1);
    await sleep(Math.random() * 300);
    // In the short form as two times Ctrl-C.
    for (const signal of startSignals) system.killGroup(signal);
    await endedWell(t, system);
  }
});

const ending = endingOf(test);
interface Managed {
  readonly system: System;
  /** Null where the programs for it are not installed. */
  readonly manager: NotifySocket | null;
}
let shared: Promise<Managed> | null = null;
const managedSystem = (): Promise<Managed> => (shared ??= startManaged());
const runningSystem = async (): Promise<System> => (await managedSystem()).system;

/** In the short form, requests are on their way when it is stopped. */
const stopPauseSeconds = isLong ? '0' : '4';

/** As the unit of systemd starts it: `marquee start`, with a socket for messages and a watchdog. */
async function startManaged(): Promise<Managed> {
  const directory = await directoryFor(ending);
  const manager = notifyIsHere ? await startNotifySocket(ending, directory) : null;
  const notify = manager === null ? {} : { NOTIFY_SOCKET: manager.path, WATCHDOG_USEC: '900000' };
  const more = { DATA_DIR: join(directory, 'data'), STOP_PAUSE_SECONDS: stopPauseSeconds };
  const command = [join(root, 'src/marquee.sh'), 'start'];
  return { system: await startSystem(ending, { ...environment, ...notify, ...more }, command), manager };
}

(notifyIsHere ? test.serial : test.serial.skip)(
  'systemd receives once that the system is ready, and again and again that it runs',
  async (t) => {
    const { manager } = await managedSystem();
    const count = (wanted: string): number =>
      manager!.messages().filter((message) => message === wanted).length;
    await until('it is ready', () => count('READY=1') > 0);
    const before = count('WATCHDOG=1');
    await until('it runs', () => count('WATCHDOG=1') > before + 1);
    t.is(count('READY=1'), 1);
    t.is(count('STOPPING=1'), 0);
  },
);

test.serial('marquee status shows the processes in a table, without colour in a pipe', async (t) => {
  const system = await runningSystem();
  const { pid } = (await system.status()).ingest!;
  const shown = run(t, 'src/marquee.ts', {}, ['status', '--url', system.adminUrl]);
  t.is(await shown.ended, 0, shown.output());
  t.regex(shown.output(), /^state +ready +version/m);
  t.regex(shown.output(), new RegExp(`^ingest +${pid} +yes`, 'm'));
  t.regex(shown.output(), /^default .*failed/m);
  t.notRegex(shown.output(), /\u001b/);
  const json = run(t, 'src/marquee.ts', { ADMIN_PORT: new URL(system.adminUrl).port }, ['status', '--json']);
  t.is(await json.ended, 0, json.output());
  t.is((JSON.parse(json.output()) as { ingest: { pid: number | null } }).ingest.pid, pid);
});

test.serial('a child ignores a signal that only it gets', async (t) => {
  const system = await runningSystem();
  const children = await childrenOf(system);
  for (const pid of children) for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.kill(pid, signal);
  await sleep(300);
  t.deepEqual(await childrenOf(system), children);
  await system.search();
  t.notRegex(system.output(), /exited unexpectedly|restarting|crash loop|replaces it/);
});

/** The short form signals all processes, with requests on their way. */
const toWhom = isLong ? '' : ', to every process';

test.serial(
  `a SIGHUP that the kernel delivers before an earlier SIGTERM${toWhom} reloads nothing`,
  async (t) => {
    const { system, manager } = await managedSystem();
    if (isLong) {
      // Suspended, it has both pending: the lower number comes first.
      system.kill('SIGSTOP');
      for (const signal of ['SIGTERM', 'SIGHUP'] as const) system.kill(signal);
      system.kill('SIGCONT');
      await endedWell(t, system);
    } else await signalAll(t, system, ['SIGTERM', 'SIGTERM', 'SIGHUP'], { suspended: true });
    t.notRegex(system.output(), /reload/);
    if (manager !== null)
      await until('systemd received that it stops', () => manager.messages().includes('STOPPING=1'));
  },
);
