// An actor over its limit writes a report and is replaced gracefully.

import { readdir, readFile } from 'node:fs/promises';
import { constants, getPriority } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { startStage, type Stage } from '../_chaos/stage.ts';
import { startTraffic } from '../_chaos/traffic.ts';
import { endingOf } from '../_servers/ending.ts';
import { until } from './_system.ts';

const ending = endingOf(test);
let shared: Promise<Stage> | null = null;

/** One system with limits that every process exceeds. */
const narrowStage = (): Promise<Stage> =>
  (shared ??= startStage(ending, {
    API_MEMORY_MEGABYTES: '30',
    INGEST_MEMORY_MEGABYTES: '30',
    API_WORKERS: '2',
    SECRET_OF_THE_HOUSE: 'hush',
  }));

test.serial(
  'workers over their memory limit are replaced once, without a lost request, and write a report',
  async (t) => {
    t.timeout(120_000);
    const { system, port, dataDir } = await narrowStage();
    const traffic = startTraffic(t, { port, connections: 20, perSecond: 100 });
    const reports = async (): Promise<string[]> =>
      (await readdir(join(dataDir, 'diagnostics'))).filter((name) => /-api-\d+-memory\.json$/.test(name));
    await until('both have been replaced', async () => {
      const replaced =
        system.output().match(/api worker \d uses \d+ MB of memory, expected at most 30/g) ?? [];
      return replaced.length === 2 && (await system.status()).workers.every(({ ready }) => ready);
    });
    await until('they are over their limit all the same, and stay', async () =>
      (await system.status()).workers.every(({ overLimit }) => overLimit === 'memory'),
    );
    await traffic.stop();
    t.is(traffic.failed, 0, JSON.stringify([...traffic.faults]));
    const files = await reports();
    t.is(files.length, 2);
    const report = await readFile(join(dataDir, 'diagnostics', files[0]!), 'utf8');
    t.truthy((JSON.parse(report) as { javascriptHeap?: object }).javascriptHeap);
    t.false(report.includes('hush'), 'no secret of the environment is in it');
    t.true(
      (await system.status()).workers.every(({ restarts }) => restarts === 0),
      'which does not count as a crash',
    );
  },
);

test.serial('ingest over its memory limit is restarted, and continues', async (t) => {
  t.timeout(120_000);
  const stage = await narrowStage();
  const { system } = stage;
  await until('it was replaced', () =>
    /ingest uses \d+ MB of memory, expected at most 30/.test(system.output()),
  );
  stage.rename('After It Was Replaced');
  await until('it works', async () => (await system.search()).includes('After It Was Replaced'));
  t.is((await system.status()).ingest!.restarts, 0);
});

test.serial('workers have a higher processor priority than ingest', async (t) => {
  const { system } = await narrowStage();
  await until('ingest is there', async () => (await system.status()).ingest?.ready === true);
  const { workers, ingest } = await system.status();
  const { PRIORITY_NORMAL, PRIORITY_BELOW_NORMAL } = constants.priority;
  t.deepEqual(
    workers.map(({ pid }) => getPriority(pid!)),
    workers.map(() => Math.max(PRIORITY_NORMAL, getPriority())),
  );
  t.is(getPriority(ingest!.pid!), Math.max(PRIORITY_BELOW_NORMAL, getPriority()));
});
