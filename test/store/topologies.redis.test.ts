// Redis as in production: a Cluster, a master behind Sentinel, an ACL user. Snapshots work with all of them.

import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { watchAnnouncements } from '#/store/announcements.ts';
import { createRedisClient } from '#/store/redis-client.ts';
import { redisIsHere, startCluster, startRedis, startSentinel } from '../_servers/redis.ts';
import { until } from '../_servers/server.ts';
import { addressOf, hostFor, ownPrefix, publishEvents } from './_snapshots.ts';

const check = redisIsHere ? test.serial : test.serial.skip;

check('a Cluster: snapshots are published, announced, retrieved, pinned and pruned', async (t) => {
  const cluster = await startCluster(t);
  const prefix = ownPrefix();
  let now = Date.now();
  const options = { prefix, now: () => now };
  const [here, there] = [await hostFor(t, cluster.url, options), await hostFor(t, cluster.url, options)];
  let heard = 0;
  t.teardown(
    watchAnnouncements(
      createRedisClient(addressOf(cluster.url), () => undefined),
      prefix,
      () => void heard++,
    ),
  );
  await until('it is connected', () => heard > 0);
  await here.lead();
  t.is(await there.leases.acquire(0), null);
  for (let version = 1; version <= 20; version++) {
    const before = heard;
    const manifest = await publishEvents(here.store, version);
    await until('it is heard', () => heard > before, 1000);
    t.deepEqual(await there.store.target(), { version, pinned: false });
    t.deepEqual(await there.store.retrieveManifest(version), manifest);
    for (const { hash, bytes } of manifest.segments)
      t.is((await there.store.retrieveSegment(hash)).length, bytes);
    await here.store.prune();
  }
  now += 61_000;
  await here.store.prune();
  t.is(((await there.store.versions()) as number[]).length, 16);
  await there.store.pin(10);
  t.deepEqual(await here.store.target(), { version: 10, pinned: true });
});

check('a Cluster that is frozen fails in time, and is back by itself', async (t) => {
  const cluster = await startCluster(t);
  const host = await hostFor(t, cluster.url, { prefix: ownPrefix() });
  await host.lead();
  await publishEvents(host.store, 1);
  await cluster.freeze();
  const begun = performance.now();
  await t.throwsAsync(host.store.target());
  t.true(performance.now() - begun < 4000);
  await sleep(4000);
  const thawedAt = performance.now();
  await cluster.thaw();
  await until('it is back', () => host.store.target(), 5000);
  t.log(`failed in time; back ${Math.round(performance.now() - thawedAt)} ms after the thaw`);
  await publishEvents(host.store, 2);
  t.is(await host.store.currentVersion(), 2);
});

for (const how of ['killed', 'frozen'] as const) {
  check(`Sentinel: with the master ${how}, publisher and workers continue with the new one`, async (t) => {
    const sentinel = await startSentinel(t);
    const prefix = ownPrefix();
    const [here, there] = [
      await hostFor(t, sentinel.url, { prefix }),
      await hostFor(t, sentinel.url, { prefix }),
    ];
    let heard = 0;
    t.teardown(
      watchAnnouncements(
        createRedisClient(addressOf(sentinel.url), () => undefined),
        prefix,
        () => void heard++,
      ),
    );
    const lease = await here.lead();
    const manifest = await publishEvents(here.store, 1);
    await until(
      'the replica has it',
      async () => (await sentinel.replica.ask('get', `{${prefix}}:current`)) === '1',
    );

    const lostAt = performance.now();
    if (how === 'killed') await sentinel.master.kill();
    else await sentinel.master.freeze();
    await sentinel.failedOver();
    const failedOverAt = performance.now();
    await until('the worker is back', () => there.store.target(), 10_000);
    await until('the publisher is back', () => here.store.target(), 10_000);
    const backAt = performance.now();
    t.log(
      `failed over after ${Math.round(failedOverAt - lostAt)} ms, all back ${Math.round(backAt - failedOverAt)} ms later`,
    );
    t.deepEqual(await there.store.retrieveManifest(1), manifest);
    t.true(await here.leases.renew(lease), 'the lease was replicated too');
    const before = heard;
    await publishEvents(here.store, 2);
    t.deepEqual(await there.store.target(), { version: 2, pinned: false });
    await until('news is heard from the new master', () => heard > before, 5000);
  });
}

check('an ACL user with a password, who may touch nothing but the keys of the deployment', async (t) => {
  const redis = await startRedis(t);
  const prefix = ownPrefix();
  await redis.ask(
    'acl',
    'setuser',
    'usher',
    'on',
    '>se/cr@t',
    `~{${prefix}}:*`,
    `&{${prefix}}:*`,
    '+@all',
    '-@dangerous',
    '+info',
  );
  const url = `redis://usher:${encodeURIComponent('se/cr@t')}@127.0.0.1:${redis.port}`;
  const host = await hostFor(t, url, { prefix });
  await host.lead();
  for (let version = 1; version <= 18; version++) await publishEvents(host.store, version);
  await host.store.prune();
  await host.store.pin(18);
  await host.store.unpin();
  t.deepEqual(await host.store.target(), { version: 18, pinned: false });
  const stranger = await hostFor(t, url, { prefix: ownPrefix() });
  await t.throwsAsync(stranger.leases.acquire(0), { message: /NOPERM|No permissions/i });
  await t.throwsAsync(hostFor(t, `redis://usher:wrong@127.0.0.1:${redis.port}`, { prefix }));
});
