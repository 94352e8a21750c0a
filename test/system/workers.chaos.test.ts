// API workers that are replaced gracefully, killed, suspended, or in an endless loop, under constant load.

import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { startProxy } from '../_chaos/proxy.ts';
import { figure, rounded, startStage, untilReplaced, type Stage } from '../_chaos/stage.ts';
import { startTraffic, type Traffic } from '../_chaos/traffic.ts';
import { endingOf } from '../_servers/ending.ts';
import { isLong, longTest } from '../_support/long.ts';
import type { Status } from './_system.ts';

const ending = endingOf(test);
let shared: Promise<Stage> | null = null;

/** One for all tests of this file: each leaves two workers that are ready. */
const stageFor = (): Promise<Stage> => (shared ??= startStage(ending, { API_WORKERS: '2' }));

test.afterEach.always('what it printed', async (t) => {
  if (!t.passed) t.log((await stageFor()).system.output().split('\n').slice(-25).join('\n'));
});

/** Requests per second: the wanted rate, or half of what this machine can do now. In the short form so few that any machine can. */
async function rateFor(t: ExecutionContext, port: number): Promise<number> {
  if (!isLong) return 100;
  const probe = startTraffic(t, { port });
  await sleep(3000);
  await probe.stop();
  const given = Math.round(probe.perSecond / 2);
  t.log(`The machine gives ${probe.perSecond} requests per second at present.`);
  return Math.min(5000, given);
}

type WorkerStatus = Status['workers'][number];

const toldBy = (traffic: Traffic): string =>
  `${traffic.failed} of ${traffic.answered + traffic.failed} failed at ${traffic.perSecond}/s, p99 ${rounded(traffic.latencyMs(0.99))}${
    traffic.faults.size === 0
      ? ''
      : ` (${[...traffic.faults].map(([why, times]) => `${times} × ${why}`).join(', ')})`
  }`;

for (const way of ['directly', 'through a proxy with 20 ms of delay'] as const) {
  const declare = way === 'directly' ? test.serial : longTest(test.serial);
  declare(`rolling reloads under load lose no request, ${way}`, async (t) => {
    t.timeout(300_000);
    const { system, port } = await stageFor();
    const proxy = await startProxy(t, port);
    proxy.weather({ delayMs: 20 });
    const perSecond = await rateFor(t, way === 'directly' ? port : proxy.port);
    const traffic = startTraffic(t, { port: way === 'directly' ? port : proxy.port, perSecond });
    const reloads = isLong ? 10 : 1;
    for (let i = 0; i < reloads; i++) {
      const before = new Set((await system.status()).workers.map(({ pid }) => pid));
      const answer = await fetch(`${system.adminUrl}/reload`, { method: 'POST' });
      t.like(await answer.json(), { kind: 'reloaded', workers: 2 });
      const { workers } = await system.status();
      t.true(workers.every(({ pid, ready }) => ready && !before.has(pid)));
    }
    await sleep(500);
    await traffic.stop();
    figure(t, `${reloads} rolling reloads, ${way}`, toldBy(traffic));
    t.is(traffic.failed, 0);
    t.true(traffic.answered > (isLong ? 500 : 100));
  });
}

test.serial('a killed worker loses its requests in flight, and none with one retry', async (t) => {
  t.timeout(120_000);
  const { system, port } = await stageFor();
  const perSecond = await rateFor(t, port);
  for (const retries of isLong ? [0, 1] : [1]) {
    const traffic = startTraffic(t, { port, perSecond, retries });
    await sleep(1000);
    const victim = (await system.status()).workers[0]!.pid!;
    process.kill(victim, 'SIGKILL');
    const tookMs = await untilReplaced(system, [victim]);
    await sleep(1000);
    await traffic.stop();
    figure(t, `worker SIGKILL, ${retries} retries`, `${toldBy(traffic)}, replaced in ${rounded(tookMs)}`);
    t.true(traffic.failed <= (retries === 0 ? 100 : 0), toldBy(traffic));
    t.true(tookMs < 30_000);
  }
});

for (const [what, signal] of [
  ['frozen', 'SIGSTOP'],
  ['spinning', 'SIGUSR2'],
] as const) {
  const declare = what === 'frozen' ? test.serial : longTest(test.serial);
  declare(`a ${what} worker is detected and replaced, and the others keep answering`, async (t) => {
    t.timeout(120_000);
    const { system, port } = await stageFor();
    const traffic = startTraffic(t, { port, perSecond: (await rateFor(t, port)) / 2, retries: 1 });
    await sleep(1000);
    const [other, { pid }] = (await system.status()).workers as [WorkerStatus, WorkerStatus];
    const victim = pid!;
    process.kill(victim, signal);
    const tookMs = await untilReplaced(system, [victim]);
    await sleep(500);
    await traffic.stop();
    figure(
      t,
      `worker ${signal === 'SIGSTOP' ? signal : 'in a busy loop'}`,
      `replaced in ${rounded(tookMs)}; with one retry ${toldBy(traffic)}`,
    );
    t.regex(
      system.output(),
      new RegExp(
        `api worker 1 exited unexpectedly \\((${what}|waiting for something), silent for \\d+ ms\\)`,
      ),
    );
    t.true(tookMs < 30_000);
    t.is((await system.status()).workers[0]!.restarts, other.restarts);
  });
}

test.serial('a supervisor that was suspended kills no process when it continues', async (t) => {
  t.timeout(120_000);
  const { system } = await stageFor();
  const before = await system.status();
  process.kill(system.pid, 'SIGSTOP');
  await sleep(6000);
  process.kill(system.pid, 'SIGCONT');
  await sleep(2000);
  const after = await system.status();
  t.deepEqual(
    after.workers.map(({ pid, restarts }) => [pid, restarts]),
    before.workers.map(({ pid, restarts }) => [pid, restarts]),
  );
  t.is(after.ingest!.restarts, before.ingest!.restarts);
});
