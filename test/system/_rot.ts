// Damage in Redis is noticed by workers that start on a host that does not lead; the leader on another host repairs it.

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { decodeManifest, segmentName, type Manifest } from '#/snapshot/manifest.ts';
import { redisKeys } from '#/store/redis.ts';
import { until } from '../_servers/server.ts';
import { isLong } from '../_support/long.ts';
import {
  allNights,
  leaderOf,
  searchAtRate,
  untilFresh,
  watchVersions,
  type Host,
  type Stage,
} from './_hosts.ts';

const keys = redisKeys('stage');
const nights = 200;

async function currentManifest({ redis }: Stage): Promise<Manifest> {
  const version = Number(await redis.ask('get', keys.current));
  return decodeManifest(String(await redis.ask('get', keys.manifest(version))));
}

/** Restarts all its workers, without the copy on their host's disk. */
async function startWorkersAnew(host: Host): Promise<number[]> {
  await rm(join(host.dataDir, 'last-good'), { recursive: true, maxRetries: 5 });
  const pids = (await host.status()).workers.flatMap(({ pid }) => pid ?? []);
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  return pids;
}

/** Milliseconds until workers other than these serve all nights. */
async function untilServed(host: Host, before: readonly number[]): Promise<number> {
  const begun = performance.now();
  await until(
    `${host.name} serves everything again`,
    async () => {
      const { workers } = await host.status();
      const anew = workers.every(({ ready, pid }) => ready && pid !== null && !before.includes(pid));
      return anew && workers.every(({ version }) => version !== null && version > 0);
    },
    60_000,
  );
  return performance.now() - begun;
}

async function counted(host: Host, metric: string): Promise<number> {
  const lines = (await host.metrics()).split('\n').filter((line) => line.startsWith(metric));
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

async function mends(
  t: ExecutionContext,
  stage: Stage,
  what: string,
  harm: () => Promise<unknown>,
): Promise<void> {
  const { host: leader } = await leaderOf(stage);
  const other = stage.hosts.find((host) => host !== leader)!;
  const refusals = await counted(other, 'marquee_snapshot_refusals_total');
  await harm();
  const took = await untilServed(other, await startWorkersAnew(other));
  t.log(`${what}: workers that restarted served everything after ${Math.round(took)} ms`);
  t.true(took < 30_000);
  t.deepEqual((await other.titles()).toSorted(), allNights(nights));
  t.true((await counted(other, 'marquee_snapshot_refusals_total')) > refusals, 'refusals are counted');
  const { segments } = await currentManifest(stage);
  for (const { hash } of segments)
    t.is(segmentName((await stage.redis.askBytes('get', keys.segment(hash)))!), hash);
}

/** The feed of the stage must have 200 nights. */
export async function mendsWhatGoesBad(t: ExecutionContext, stage: Stage): Promise<void> {
  const { redis } = stage;
  await untilFresh(stage, nights);
  const { host: leader } = await leaderOf(stage);
  const traffic = searchAtRate(t, leader, 20);
  const witness = watchVersions(t, leader);
  const before = await currentManifest(stage);

  await mends(t, stage, 'a bit of a segment', async () => {
    const key = keys.segment(before.segments[0]!.hash);
    const bytes = (await redis.askBytes('get', key))!;
    bytes[bytes.length >> 1]! ^= 1;
    await redis.ask('set', key, bytes);
  });
  t.is(
    (await currentManifest(stage)).version,
    before.version,
    'the bytes are what they were: no new version',
  );
  t.is(await counted(leader, 'marquee_store_mended_segments_total'), 1);

  if (isLong) {
    await mends(t, stage, 'the end of a manifest', async () => {
      const text = String(await redis.ask('get', keys.manifest(before.version)));
      await redis.ask('set', keys.manifest(before.version), text.slice(0, text.length / 2));
    });
    const after = await currentManifest(stage);
    t.is(after.version, before.version + 1);
    t.deepEqual(after.segments, before.segments);
  }

  await traffic.stop();
  await witness.stop();
  t.deepEqual(traffic.failures, []);
  t.deepEqual(witness.faults, []);
  t.is((await leaderOf(stage)).host.name, leader.name, 'nobody else had to lead');
}
