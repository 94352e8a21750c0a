// The Redis store with a real Redis, and with every fault in the middle of a command.

import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import anyTest, { type TestFn } from 'ava';
import { createRedisClient } from '#/store/redis-client.ts';
import { createRedisStore, redisKeys } from '#/store/redis.ts';
import { manifestsKept } from '#/store/retention.ts';
import { endingOf } from '../_servers/ending.ts';
import { redisIsHere, startRedis, type RedisServer } from '../_servers/redis.ts';
import {
  addressOf,
  eventsOf,
  hostFor,
  meddling,
  ownPrefix,
  publishEvents,
  segmentsOf,
} from './_snapshots.ts';

const test = anyTest as TestFn;
const ending = endingOf(test);
const check = redisIsHere ? test : test.skip;
const checkAlone = redisIsHere ? test.serial : test.serial.skip;

let redis: RedisServer;
test.before(async () => {
  if (redisIsHere) redis = await startRedis(ending);
});

/** The keys of a deployment, without their prefix. */
async function keysOf(prefix: string): Promise<string[]> {
  const keys = (await redis.ask('keys', `{${prefix}}:*`)) as string[];
  return keys.map((key) => key.slice(prefix.length + 3)).toSorted();
}

check('what was published is retrieved by another host, byte for byte', async (t) => {
  const prefix = ownPrefix();
  const [here, there] = [await hostFor(t, redis.url, { prefix }), await hostFor(t, redis.url, { prefix })];
  t.is(await there.store.target(), null);
  t.is(await there.store.currentVersion(), null);
  await here.lead();
  const manifest = await publishEvents(here.store, 1);
  t.deepEqual(await there.store.target(), { version: 1, pinned: false });
  t.deepEqual(await there.store.versions(), [1]);
  t.deepEqual(await there.store.retrieveManifest(1), manifest);
  for (const { entry, bytes } of segmentsOf(eventsOf('version 1'))) {
    t.deepEqual(new Uint8Array(await there.store.retrieveSegment(entry.hash)), new Uint8Array(bytes));
    t.true(await there.store.hasSegment(entry.hash, entry.bytes));
    t.false(await there.store.hasSegment(entry.hash, entry.bytes + 1));
  }
});

check('who does not hold the lease cannot publish', async (t) => {
  const prefix = ownPrefix();
  const host = await hostFor(t, redis.url, { prefix });
  const refusal = { message: /another host holds the lease/ };
  await t.throwsAsync(publishEvents(host.store, 1), refusal, 'never had it');
  const lease = await host.lead();
  await publishEvents(host.store, 1);
  await host.leases.release(lease);
  await t.throwsAsync(publishEvents(host.store, 2), refusal, 'has released it');
  const other = await hostFor(t, redis.url, { prefix });
  const next = await other.lead();
  await t.throwsAsync(publishEvents(host.store, 2), refusal, 'another has it');
  host.hold({ fence: next.fence, token: `${next.fence}:somebody` });
  await t.throwsAsync(publishEvents(host.store, 2), refusal, 'guesses');
  t.is(await other.store.currentVersion(), 1);
  t.deepEqual(await other.store.versions(), [1], 'and nothing of it is left');
  await publishEvents(other.store, 2);
  t.is(await other.store.currentVersion(), 2);
});

check('current never goes back, and stays where it is for a version that is not after it', async (t) => {
  const prefix = ownPrefix();
  const host = await hostFor(t, redis.url, { prefix });
  const lease = await host.lead();
  await publishEvents(host.store, 5);
  for (const version of [5, 4, 1]) {
    await t.throwsAsync(publishEvents(host.store, version), {
      message: `Got version ${version}, expected one after 5.`,
    });
  }
  t.is(await host.store.currentVersion(), 5);
  // The check before it may have read an older value: only the last step counts.
  const blind = await hostFor(t, redis.url, {
    prefix,
    meddle: meddling((name, [key]) =>
      name === 'get' && key === redisKeys(prefix).current ? '1' : undefined,
    ),
  });
  blind.hold(lease);
  await t.throwsAsync(publishEvents(blind.store, 4), { message: 'Got version 4, expected one after 5.' });
  t.is(await host.store.currentVersion(), 5);
});

check('a publisher frozen between its look and its publish harms nothing when it wakes up', async (t) => {
  const prefix = ownPrefix();
  const keys = redisKeys(prefix);
  let wake = (): void => undefined;
  const asleep = new Promise<void>((resolve) => (wake = resolve));
  let dozed = (): void => undefined;
  const dozing = new Promise<void>((resolve) => (dozed = resolve));
  let publishing = false;
  const late = await hostFor(t, redis.url, {
    prefix,
    meddle: meddling(async (name) => {
      if (!publishing || name !== 'set') return;
      dozed();
      await asleep;
    }),
  });
  const lease = await late.lead();
  await publishEvents(late.store, 1);
  // 1. It has read current, and is about to set its manifest
  for (const { entry, bytes } of segmentsOf(eventsOf('late'))) await late.store.putSegment(entry.hash, bytes);
  publishing = true;
  const published = late.store.publish({
    version: 2,
    segments: segmentsOf(eventsOf('late')).map(({ entry }) => entry),
  });
  await dozing;
  // 2. Its lease runs out, and another host publishes the same version
  await redis.ask('pexpire', keys.lease, 1);
  const next = await hostFor(t, redis.url, { prefix });
  await sleep(20);
  t.true((await next.lead()).fence > lease.fence);
  const manifest = await publishEvents(next.store, 2, eventsOf('in time'));
  // 3. It continues
  wake();
  await t.throwsAsync(published);
  t.deepEqual(await next.store.retrieveManifest(2), manifest, 'what was announced is what it was');
});

check('a version is pinned, followed and let go; one that is not there cannot be pinned', async (t) => {
  const prefix = ownPrefix();
  const host = await hostFor(t, redis.url, { prefix });
  await host.lead();
  await publishEvents(host.store, 1);
  await publishEvents(host.store, 2);
  await t.throwsAsync(host.store.pin(3), { message: 'Manifest 3 does not exist.' });
  t.deepEqual(await host.store.target(), { version: 2, pinned: false });
  await host.store.pin(1);
  t.deepEqual(await host.store.target(), { version: 1, pinned: true });
  await publishEvents(host.store, 3);
  t.deepEqual(await host.store.target(), { version: 1, pinned: true });
  t.is(await host.store.currentVersion(), 3);
  await host.store.unpin();
  t.deepEqual(await host.store.target(), { version: 3, pinned: false });
});

check('memory is bounded by what is kept, however many versions were published', async (t) => {
  const prefix = ownPrefix();
  let now = 1_000_000;
  const host = await hostFor(t, redis.url, { prefix, now: () => now });
  await host.lead();
  const sizes: number[] = [];
  await publishEvents(host.store, 1);
  await host.store.pin(1);
  for (let version = 2; version <= 80; version++) {
    await publishEvents(host.store, version);
    await host.store.prune();
    now += 10_000;
    sizes.push((await keysOf(prefix)).length);
  }
  const grown = Math.max(...sizes.slice(40));
  t.is(grown, sizes.at(-1) ?? 0, `the number of keys no longer grows: ${sizes.join(' ')}`);
  now += 61_000;
  await host.store.prune();
  const keys = await keysOf(prefix);
  t.is(
    keys.filter((key) => key.startsWith('manifest:')).length,
    manifestsKept + 1,
    'the newest and the pinned one',
  );
  t.is(keys.filter((key) => key.startsWith('segment:')).length, (manifestsKept + 1) * 3);
  const versions = await host.store.versions();
  t.deepEqual(versions, [...Array.from({ length: manifestsKept }, (_, i) => 80 - i), 1]);
  for (const version of versions) {
    const { segments } = await host.store.retrieveManifest(version);
    for (const { hash } of segments) await t.notThrowsAsync(host.store.retrieveSegment(hash));
  }
});

check('a companion goes with its segment, also between two listings of the store', async (t) => {
  const prefix = ownPrefix();
  let now = 1_000_000;
  const host = await hostFor(t, redis.url, { prefix, now: () => now });
  await host.lead();
  const publish = async (version: number): Promise<void> => {
    const { segments } = await publishEvents(host.store, version);
    for (const { hash } of segments) await host.store.putCompanion(hash, Buffer.from('zones'));
  };
  for (let version = 1; version <= manifestsKept; version++) await publish(version);
  await host.store.prune();
  now += 10_000;
  await publish(manifestsKept + 1);
  await host.store.prune();
  now += 50_000;
  await host.store.prune();
  const before = await keysOf(prefix);
  now += 10_000;
  // The last listing was ten seconds ago, and the grace of what version 1 had is over.
  await host.store.prune();
  const after = await keysOf(prefix);
  const count = (keys: readonly string[], kind: string): number =>
    keys.filter((key) => key.startsWith(kind)).length;
  for (const kind of ['segment:', 'companion:']) {
    t.is(count(before, kind), 3 * (manifestsKept + 1), kind);
    t.is(count(after, kind), 3 * manifestsKept, kind);
  }
});

check('a segment that is named again before its grace is over stays', async (t) => {
  const prefix = ownPrefix();
  let now = 1_000_000;
  const host = await hostFor(t, redis.url, { prefix, now: () => now });
  await host.lead();
  await publishEvents(host.store, 1, eventsOf('coming back'));
  for (let version = 2; version <= 18; version++) await publishEvents(host.store, version);
  await host.store.prune();
  now += 59_000;
  const again = await publishEvents(host.store, 19, eventsOf('coming back'));
  now += 59_000;
  await host.store.prune();
  for (const { hash } of again.segments) await t.notThrowsAsync(host.store.retrieveSegment(hash));
});

check('a prune that was frozen deletes nothing that another host has published since', async (t) => {
  const prefix = ownPrefix();
  let now = 1_000_000;
  let wake = (): void => undefined;
  const asleep = new Promise<void>((resolve) => (wake = resolve));
  let dozed = (): void => undefined;
  const dozing = new Promise<void>((resolve) => (dozed = resolve));
  let pruning = false;
  const late = await hostFor(t, redis.url, {
    prefix,
    now: () => now,
    meddle: meddling(async (name) => {
      if (!pruning || !['del', 'eval'].includes(name)) return;
      dozed();
      await asleep;
    }),
  });
  await late.lead();
  await publishEvents(late.store, 1, eventsOf('coming back'));
  for (let version = 2; version <= 17; version++) await publishEvents(late.store, version);
  await late.store.prune();
  now += 61_000;
  pruning = true;
  const pruned = late.store.prune().catch(() => undefined);
  await dozing;
  await redis.ask('pexpire', redisKeys(prefix).lease, 1);
  await sleep(20);
  const next = await hostFor(t, redis.url, { prefix, now: () => now });
  await next.lead();
  const again = await publishEvents(next.store, 18, eventsOf('coming back'));
  wake();
  await pruned;
  for (const { hash } of again.segments) await t.notThrowsAsync(next.store.retrieveSegment(hash));
});

check(
  'a publisher may die at any command: the next one publishes, and all leftovers are removed',
  async (t) => {
    const prefix = ownPrefix();
    let now = 1_000_000;
    let commandsLeft = Infinity;
    const host = await hostFor(t, redis.url, {
      prefix,
      now: () => now,
      meddle: meddling(() => {
        if (commandsLeft-- <= 0) throw new Error('died');
      }),
    });
    await host.lead();
    await publishEvents(host.store, 1);
    let deaths = 0;
    for (let version = 2; ; deaths++) {
      commandsLeft = deaths;
      const died = await publishEvents(host.store, version, eventsOf(`death ${deaths}`)).then(
        () => false,
        () => true,
      );
      commandsLeft = Infinity;
      if (!died) break;
      version = ((await host.store.currentVersion()) ?? 0) + 1;
      const manifest = await publishEvents(host.store, version);
      t.deepEqual(await host.store.retrieveManifest(version), manifest);
      t.is(await host.store.currentVersion(), version++);
    }
    t.true(deaths > 10, `it died ${deaths} times`);
    // Every stored segment without a manifest is removed.
    const last = (await host.store.currentVersion()) ?? 0;
    for (let version = last + 1; version <= last + manifestsKept; version++)
      await publishEvents(host.store, version);
    await host.store.prune();
    now += 61_000;
    await host.store.prune();
    const keys = await keysOf(prefix);
    t.is(keys.filter((key) => key.startsWith('segment:')).length, manifestsKept * 3);
    const manifests = keys.filter((key) => key.startsWith('manifest:'));
    t.is(manifests.length, manifestsKept, manifests.join(' '));
  },
);

check('many doubts are one, taken once, and forgotten when nobody takes it', async (t) => {
  const prefix = ownPrefix();
  const [a, b] = [await hostFor(t, redis.url, { prefix }), await hostFor(t, redis.url, { prefix })];
  t.false(await a.store.takeVerificationRequest());
  for (let times = 0; times < 5; times++)
    await Promise.all([a.store.requestVerification(), b.store.requestVerification()]);
  const life = Number(await redis.ask('pttl', redisKeys(prefix).verification));
  t.true(life > 50_000 && life <= 60_000, `it lives for ${life} ms`);
  t.true(await b.store.takeVerificationRequest());
  t.false(await b.store.takeVerificationRequest());
  t.false(await a.store.takeVerificationRequest());
  await a.store.requestVerification();
  await redis.ask('pexpire', redisKeys(prefix).verification, 1);
  await sleep(20);
  t.false(await b.store.takeVerificationRequest());
});

checkAlone(
  'with Redis suspended, every command fails within its deadline, and works again afterwards',
  async (t) => {
    const own = await startRedis(t);
    const prefix = ownPrefix();
    const host = await hostFor(t, own.url, { prefix });
    const { store, leases } = host;
    const lease = await host.lead();
    const manifest = await publishEvents(store, 1);
    const [segment] = segmentsOf(eventsOf('frozen'));
    const hash = manifest.segments[0]!.hash;
    await own.freeze();
    const born = createRedisClient(addressOf(own.url), () => undefined);
    t.teardown(() => born.disconnect());
    const newcomer = createRedisStore(born, { prefix, leaseToken: () => null, now: Date.now });
    const commands: Record<string, () => Promise<unknown>> = {
      target: () => store.target(),
      currentVersion: () => store.currentVersion(),
      versions: () => store.versions(),
      retrieveManifest: () => store.retrieveManifest(1),
      retrieveSegment: () => store.retrieveSegment(hash),
      hasSegment: () => store.hasSegment(hash, 1),
      putSegment: () => store.putSegment(segment!.entry.hash, segment!.bytes),
      publish: () => store.publish({ ...manifest, version: 2 }),
      pin: () => store.pin(1),
      unpin: () => store.unpin(),
      doubt: () => store.requestVerification(),
      takeVerificationRequest: () => store.takeVerificationRequest(),
      prune: () => store.prune(),
      acquire: () => leases.acquire(0),
      renew: () => leases.renew(lease),
      release: () => leases.release(lease),
      'of a new connection': () => newcomer.target(),
    };
    const begun = performance.now();
    const took = await Promise.all(
      Object.entries(commands).map(async ([name, command]) => {
        await t.throwsAsync(command(), undefined, name);
        return performance.now() - begun;
      }),
    );
    t.log(`all failed within ${Math.round(Math.max(...took))} ms`);
    // `putSegment` first checks whether the segment exists, which has a deadline of its own.
    t.true(Math.max(...took) < 5500);
    const thawedAt = performance.now();
    await own.thaw();
    await eventually(() => store.currentVersion());
    await eventually(() => newcomer.currentVersion());
    t.log(`back ${Math.round(performance.now() - thawedAt)} ms after the thaw`);
    t.true(performance.now() - thawedAt < 4000);
  },
);

checkAlone('with Redis gone, commands fail at once, and work again as soon as it is back', async (t) => {
  const own = await startRedis(t);
  const prefix = ownPrefix();
  const host = await hostFor(t, own.url, { prefix });
  await own.kill();
  await sleep(50);
  const begun = performance.now();
  await t.throwsAsync(host.store.target());
  t.true(performance.now() - begun < 200);
  await sleep(1500);
  await own.start();
  const startedAt = performance.now();
  await eventually(() => host.store.target());
  t.log(`back ${Math.round(performance.now() - startedAt)} ms after the start`);
  t.true(performance.now() - startedAt < 2000);
});

checkAlone('a connection that nobody answers on is given up for a new one', async (t) => {
  const own = await startRedis(t);
  const client = createRedisClient(addressOf(own.url), () => undefined);
  t.teardown(() => client.disconnect());
  await once(client, 'ready');
  await own.freeze();
  await once(client, 'close', { signal: AbortSignal.timeout(10_000) });
  await own.thaw();
  await once(client, 'ready', { signal: AbortSignal.timeout(5000) });
  t.pass();
});

check('leases of other deployments on the same Redis are none of ours', async (t) => {
  const [a, b] = [
    await hostFor(t, redis.url, { prefix: ownPrefix() }),
    await hostFor(t, redis.url, { prefix: ownPrefix() }),
  ];
  await a.lead();
  await b.lead();
  await publishEvents(a.store, 1);
  t.is(await b.store.target(), null);
});

async function eventually(ask: () => Promise<unknown>, withinMs = 8000): Promise<void> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    try {
      await ask();
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await sleep(20);
    }
  }
}
