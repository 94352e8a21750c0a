// Faults of ingest, its disk and its clock, under constant load: no search fails, and the catalogue converges.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { figure, rounded, startStage, type Stage } from '../_chaos/stage.ts';
import { isLong, longTest } from '../_support/long.ts';
import { disksMount, smallDiskFor } from '../_chaos/tmpfs.ts';
import { startTraffic, type Traffic } from '../_chaos/traffic.ts';
import { directoryFor, until } from './_system.ts';

const perSecond = isLong ? 1000 : 100;

/** Whether every worker serves a catalogue with this title. */
async function shows({ system }: Stage, title: string): Promise<boolean> {
  if (!(await system.search()).includes(title)) return false;
  const { workers, version } = await system.status();
  return workers.every((worker) => worker.version === version);
}

/** Gives an event of the feed this title. Returns the milliseconds until all workers serve it. */
async function renames(stage: Stage, title: string): Promise<number> {
  const begunAt = performance.now();
  stage.rename(title);
  await until(`every worker shows ${title}`, () => shows(stage, title), 60_000);
  return performance.now() - begunAt;
}

async function noneFailed(t: ExecutionContext, traffic: Traffic): Promise<string> {
  await traffic.stop();
  t.is(traffic.failed, 0, JSON.stringify([...traffic.faults]));
  t.true(traffic.answered > 100);
  return `${traffic.failed} of ${traffic.answered} searches failed`;
}

longTest(test.serial)(
  'ingest that is killed in a loop fails no search, and the catalogue converges',
  async (t) => {
    t.timeout(300_000);
    const stage = await startStage(t);
    const traffic = startTraffic(t, { port: stage.port, perSecond });
    const deadline = performance.now() + (isLong ? 60_000 : 4000);
    const killed = new Set<number>();
    for (let i = 0; performance.now() < deadline; i++) {
      const pid = (await stage.system.status()).ingest?.pid ?? null;
      if (pid !== null && !killed.has(pid)) {
        stage.rename(`The Night Tram, ${i}`);
        await sleep(Math.random() * 800);
        process.kill(pid, 'SIGKILL');
        killed.add(pid);
      }
      await sleep(20);
    }
    const tookMs = await renames(stage, 'The Last Tram');
    figure(
      t,
      'ingest SIGKILL in a loop',
      `${killed.size} kills, ${await noneFailed(t, traffic)}, converged ${rounded(tookMs)} after the last`,
    );
    const { workers } = await stage.system.status();
    t.true(workers.every(({ restarts }) => restarts === 0));
  },
);

const checkDisk = disksMount() ? test.serial : test.serial.skip;

checkDisk('a full disk costs no search, is said loudly, and is got over when there is room', async (t) => {
  t.timeout(180_000);
  const directory = await directoryFor(t);
  const disk = await smallDiskFor(t, directory, 16);
  const stage = await startStage(t, {
    DATA_DIR: join(disk.path, 'data'),
  });
  const traffic = startTraffic(t, { port: stage.port, perSecond });
  await disk.fill();
  stage.rename('Too Much for the Disk');
  await until('it is said in /status', async () =>
    Object.values((await stage.system.status()).ingest?.troubles ?? {}).some((message) =>
      /full|ENOSPC/.test(message),
    ),
  );
  t.regex(await stage.system.metrics(), /^marquee_ingest_trouble\{source="\w+"\} 1$/m);
  t.regex(stage.system.output(), /"level":50.*(full|ENOSPC)/);
  await sleep(isLong ? 20_000 : 3000);
  t.false(await shows(stage, 'Too Much for the Disk'));
  const { ingest } = await stage.system.status();
  await disk.empty();
  const begunAt = performance.now();
  await until('it is caught up with', () => shows(stage, 'Too Much for the Disk'));
  const tookMs = performance.now() - begunAt;
  await until(
    'no trouble is reported any more',
    async () => Object.keys((await stage.system.status()).ingest?.troubles ?? { unknown: '' }).length === 0,
  );
  figure(
    t,
    'disk full',
    `${await noneFailed(t, traffic)}, said loudly, caught up ${rounded(tookMs)} after there was room, ${ingest!.restarts} restarts of ingest`,
  );
});

longTest(test.serial)(
  'a clock that jumps by an hour, back and forth, affects neither versions nor schedules',
  async (t) => {
    t.timeout(180_000);
    const directory = await directoryFor(t);
    const clock = join(directory, 'clock');
    await writeFile(clock, '0');
    const stage = await startStage(t, { CLOCK_FILE: clock });
    const traffic = startTraffic(t, { port: stage.port, perSecond });
    const versions: number[] = [];
    const took: number[] = [];
    const runs: number[] = [];
    const hour = 3_600_000;
    for (const offset of isLong ? [hour, 0, -hour, hour, -hour] : [hour, -hour]) {
      await writeFile(clock, String(offset));
      await sleep(200);
      took.push(await renames(stage, `At an offset of ${offset} ms, ${versions.length}`));
      const first = (await stage.system.status()).providers['default']!.lastRun!.id;
      await sleep(2000);
      const { version, providers } = await stage.system.status();
      runs.push(providers['default']!.lastRun!.id - first);
      versions.push(version);
    }
    // A restart reads a schedule that was stored with another clock.
    const { pid } = (await stage.system.status()).ingest!;
    process.kill(pid!, 'SIGKILL');
    took.push(await renames(stage, 'After the restart'));
    t.deepEqual(
      versions,
      versions.toSorted((a, b) => a - b),
    );
    t.true(
      runs.every((count) => count >= 1 && count <= 8),
      `about two runs a second: ${runs.join()}`,
    );
    figure(
      t,
      'clock ± 1 h, back and forth',
      `versions ${versions.join(' < ')}, shown within ${rounded(Math.max(...took))}, ${await noneFailed(t, traffic)}`,
    );
  },
);

/** Killed as soon as they appear, for ten seconds: about twenty with the delays in between, five hundred without. */
const stormOfForks = 60;

longTest(test.serial)(
  'a host whose actors keep crashing reports that it is degraded, and recovers',
  async (t) => {
    t.timeout(180_000);
    const { system } = await startStage(t);
    const deadline = performance.now() + 10_000;
    const killed = new Set<number>();
    while (performance.now() < deadline && killed.size < stormOfForks) {
      const { workers, ingest } = await system.status();
      // In the short form one worker is enough: each replacement takes a second of the processor.
      for (const { pid } of isLong ? [...workers, ingest!] : workers.slice(0, 1)) {
        if (pid === null || killed.has(pid)) continue;
        process.kill(pid, 'SIGKILL');
        killed.add(pid);
      }
      await sleep(20);
    }
    const status = await system.status();
    t.is(status.state, 'degraded');
    t.true(killed.size < stormOfForks, `no storm of forks: ${killed.size}`);
    t.regex(await system.metrics(), /^marquee_degraded\{actor="api worker \d",slot="\d"\} 1$/m);
    t.regex(system.output(), /"level":60.*is in a crash loop/);
    const begunAt = performance.now();
    await until('all are ready again', async () => {
      const { workers, ingest } = await system.status();
      return workers.every(({ ready }) => ready) && ingest!.ready;
    });
    const readyMs = performance.now() - begunAt;
    await until('it says so no more', async () => (await system.status()).state === 'running');
    figure(
      t,
      `${killed.size} crashes in 10 s`,
      `degraded; all ready ${rounded(readyMs)} after the last, degraded no more after ${rounded(performance.now() - begunAt)}`,
    );
  },
);

longTest(test.serial)('suspended ingest is detected and replaced, and catches up', async (t) => {
  t.timeout(180_000);
  const stage = await startStage(t);
  const { pid } = (await stage.system.status()).ingest!;
  process.kill(pid!, 'SIGSTOP');
  const tookMs = await renames(stage, 'After the Frost');
  figure(t, 'ingest SIGSTOP', `replaced, and the next change shown after ${rounded(tookMs)}`);
  t.regex(stage.system.output(), /ingest exited unexpectedly \(frozen, silent for \d+ ms\)/);
});
