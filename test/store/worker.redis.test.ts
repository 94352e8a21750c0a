// How a worker gets its view: from Redis, with its host's disk in front, and with every kind of damage to the data in Redis.

import { hash } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import anyTest, { type ExecutionContext, type TestFn } from 'ava';
import { createRefresher, type Refresher } from '#/api/refresh.ts';
import { observeServed } from '#/api/served-changes.ts';
import { answer } from '#/search/answer.ts';
import { search } from '#/search/search.ts';
import { encodeManifest, segmentName, type SegmentEntry } from '#/snapshot/manifest.ts';
import { openLocalStore, type LocalStore } from '#/store/local.ts';
import { createMirror, type Mirror } from '#/store/mirror.ts';

import { createRedisClient } from '#/store/redis-client.ts';
import { createRedisStore, redisKeys } from '#/store/redis.ts';
import { manifestsKept } from '#/store/retention.ts';
import type { SnapshotStore, Target } from '#/store/store.ts';
import { endingOf } from '../_servers/ending.ts';
import { redisIsHere, startRedis, type RedisServer } from '../_servers/redis.ts';
import { freePort, until } from '../_servers/server.ts';
import {
  addressOf,
  eventsOf,
  hostFor,
  ownPrefix,
  publishEvents,
  segmentsOf,
  type Host,
} from './_snapshots.ts';

const test = anyTest as TestFn;
const ending = endingOf(test);
const check = redisIsHere ? test : test.skip;

let redis: RedisServer;
test.before(async () => {
  if (redisIsHere) redis = await startRedis(ending);
});

interface Worker {
  readonly refresher: Refresher;
  readonly mirror: Mirror;
  readonly refused: string[];
  readonly keepFaults: string[];
  /** Every served version, in order. */
  readonly served: Target[];
  refresh(): Promise<void>;
  /** The answer to a search of everything. */
  titles(): string[];
}

async function diskFor(t: ExecutionContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'marquee-worker-'));
  t.teardown(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

function workerOn(remote: SnapshotStore, disk: LocalStore, now = performance.now.bind(performance)): Worker {
  const [refused, keepFaults, served]: [string[], string[], Target[]] = [[], [], []];
  const mirror = createMirror(remote, disk, now, (error) => keepFaults.push(String(error)));
  let kept = Promise.resolve();
  const refresher = createRefresher({
    store: mirror,
    swapped: (_view, manifest, target) => {
      served.push(target);
      kept = mirror.keep(manifest, target.pinned);
    },
    refused(_version, reason) {
      refused.push(reason);
      mirror.requestVerification().catch(() => undefined);
    },
  });
  return {
    refresher,
    mirror,
    refused,
    keepFaults,
    served,
    async refresh() {
      await refresher.refresh();
      await kept;
    },
    titles() {
      const body = Buffer.concat(
        answer(search(refresher.view, { start: -Infinity, end: Infinity })).parts,
      ).toString();
      return (JSON.parse(body) as { data: { events: { title: string }[] } }).data.events.map(
        ({ title }) => title,
      );
    },
  };
}

interface Stage {
  readonly host: Host;
  readonly worker: Worker;
  readonly directory: string;
  readonly prefix: string;
  readonly keys: ReturnType<typeof redisKeys>;
}

/** A publisher, and a worker that serves version 1. */
async function stageFor(t: ExecutionContext, server = redis): Promise<Stage> {
  const prefix = ownPrefix();
  const host = await hostFor(t, server.url, { prefix });
  await host.lead();
  await publishEvents(host.store, 1);
  const directory = await diskFor(t);
  const worker = workerOn(host.store, await openLocalStore(directory));
  await worker.refresh();
  t.is(worker.refresher.view.version, 1);
  return { host, worker, directory, prefix, keys: redisKeys(prefix) };
}

/** A store whose Redis is unavailable. */
async function awayStore(t: ExecutionContext): Promise<SnapshotStore> {
  const client = createRedisClient(addressOf(`redis://127.0.0.1:${await freePort()}`), () => undefined);
  t.teardown(() => client.disconnect());
  return createRedisStore(client, { prefix: 'away', leaseToken: () => null, now: Date.now });
}

const three = (title: string): string[] => [title, title, title];

check('a worker follows what is published, and fetches only what it has not got', async (t) => {
  const { host, worker, keys } = await stageFor(t);
  t.deepEqual(worker.titles(), three('version 1'));
  const [first] = eventsOf('changed');
  await publishEvents(host.store, 2, [first!, ...eventsOf('version 1').slice(1)]);
  // No longer in Redis: a worker does not request a segment that it has.
  for (const { entry } of segmentsOf(eventsOf('version 1')).slice(1))
    await redis.ask('del', keys.segment(entry.hash));
  await worker.refresh();
  t.deepEqual(worker.titles(), ['changed', 'version 1', 'version 1']);
  t.deepEqual(worker.refused, []);
});

/** Damage to version 2 before a worker reads it; `segment` and `manifest` are keys. */
const harms: Record<string, (segment: string, manifest: string, keys: Stage['keys']) => Promise<unknown>> = {
  'a segment is gone': (segment) => redis.ask('del', segment),
  'a segment is empty': (segment) => redis.ask('set', segment, ''),
  'a segment is another one': async (segment) => {
    const [other] = segmentsOf(eventsOf('another one'));
    return redis.ask('set', segment, Buffer.from(other!.bytes));
  },
  'a segment is longer': (segment) => redis.ask('append', segment, 'x'),
  'a segment is a list': async (segment) => {
    await redis.ask('del', segment);
    return redis.ask('rpush', segment, 'x');
  },
  'the manifest is gone': (_, manifest) => redis.ask('del', manifest),
  'the manifest is empty': (_, manifest) => redis.ask('set', manifest, ''),
  'the manifest is cut off': async (_, manifest) => {
    const text = String(await redis.ask('get', manifest));
    return redis.ask('set', manifest, text.slice(0, text.length / 2));
  },
  'the manifest is that of version 1': async (_, manifest, keys) =>
    redis.ask('set', manifest, String(await redis.ask('get', keys.manifest(1)))),
  'the manifest is of a future format': async (_, manifest) => {
    const [, body = ''] = String(await redis.ask('get', manifest)).split('\n');
    const future = JSON.stringify({ ...(JSON.parse(body) as object), format: 3 });
    return redis.ask('set', manifest, `${hash('sha256', future, 'hex')}\n${future}\n`);
  },
  'the manifest has a field too many': async (_, manifest) => {
    const [, body = ''] = String(await redis.ask('get', manifest)).split('\n');
    const more = JSON.stringify({ ...(JSON.parse(body) as object), signedBy: 'nobody' });
    return redis.ask('set', manifest, `${hash('sha256', more, 'hex')}\n${more}\n`);
  },
  'the manifest tells of more events than its segments hold': async (_, manifest) => {
    const [, body = ''] = String(await redis.ask('get', manifest)).split('\n');
    const read = JSON.parse(body) as { events: number; segments: { events: number }[] };
    read.segments[0]!.events++;
    read.events++;
    const lie = JSON.stringify(read);
    return redis.ask('set', manifest, `${hash('sha256', lie, 'hex')}\n${lie}\n`);
  },
  'the manifest names a segment of a future format': async (_, manifest, keys) => {
    const [, body = ''] = String(await redis.ask('get', manifest)).split('\n');
    const read = JSON.parse(body) as { version: number; segments: SegmentEntry[] };
    const bytes = Buffer.from((await redis.askBytes('get', keys.segment(read.segments[0]!.hash)))!);
    bytes.writeUInt32LE(bytes.readUInt32LE(4) + 1, 4);
    read.segments[0] = { ...read.segments[0]!, hash: segmentName(bytes) };
    await redis.ask('set', keys.segment(segmentName(bytes)), bytes);
    return redis.ask('set', manifest, encodeManifest(read));
  },
};

for (const [what, harm] of Object.entries(harms)) {
  check(
    `${what}: refused and counted, with the old view served; the new one is served once it is repaired`,
    async (t) => {
      const { host, worker, keys } = await stageFor(t);
      const manifest = await publishEvents(host.store, 2);
      const text = String(await redis.ask('get', keys.manifest(2)));
      const segment = keys.segment(manifest.segments[1]!.hash);
      await harm(segment, keys.manifest(2), keys);
      for (let times = 1; times <= 3; times++) {
        await worker.refresh();
        t.deepEqual(worker.titles(), three('version 1'));
        t.is(worker.refused.length, times);
      }
      t.log(worker.refused[0]);
      t.notRegex(worker.refused[0] ?? '', /ENOENT/, 'it says what it saw in Redis, not what the disk lacks');
      // Repaired
      const built = segmentsOf(eventsOf('version 2'));
      await redis.ask('del', segment);
      for (const { entry, bytes } of built)
        await redis.ask('set', keys.segment(entry.hash), Buffer.from(bytes));
      await redis.ask('set', keys.manifest(2), text);
      await worker.refresh();
      t.deepEqual(worker.titles(), three('version 2'));
      t.deepEqual(worker.served, [
        { version: 1, pinned: false },
        { version: 2, pinned: false },
      ]);
    },
  );
}

check('every bit counts: a flip anywhere in a segment or a manifest is refused', async (t) => {
  const { host, worker, keys } = await stageFor(t);
  const manifest = await publishEvents(host.store, 2);
  const harmed = [keys.segment(manifest.segments[1]!.hash), keys.manifest(2)];
  let flips = 0;
  for (const key of harmed) {
    const whole = (await redis.askBytes('get', key))!;
    for (let bit = 0; bit < whole.length * 8; bit += 149) {
      const flipped = Buffer.from(whole);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      await host.client.set(key, flipped);
      await worker.refresh();
      t.is(worker.refused.length, ++flips, `bit ${bit} of ${key}`);
      t.is(worker.refresher.view.version, 1);
    }
    for (let length = 0; length < whole.length; length += 41) {
      await host.client.set(key, whole.subarray(0, length));
      await worker.refresh();
      t.is(worker.refused.length, ++flips, `${length} bytes of ${key}`);
    }
    await host.client.set(key, whole);
  }
  t.log(`${flips} harms refused`);
  await worker.refresh();
  t.deepEqual(worker.titles(), three('version 2'));
});

for (const current of ['', 'two', '-2', '0', '2.5', '99999999999999999999']) {
  check(`a current of ${JSON.stringify(current)} changes nothing, and is reported as stale`, async (t) => {
    const { worker, keys } = await stageFor(t);
    await redis.ask('set', keys.current, current);
    await worker.refresh();
    t.deepEqual(worker.titles(), three('version 1'));
    t.true(worker.mirror.stale);
  });
}

check(
  'a host starts from its disk when Redis is unavailable or empty, and reports that it is stale',
  async (t) => {
    const { worker, directory, host } = await stageFor(t);
    await publishEvents(host.store, 2);
    await worker.refresh();
    const empty = await hostFor(t, redis.url, { prefix: ownPrefix() });
    for (const remote of [await awayStore(t), empty.store]) {
      const restarted = workerOn(remote, await openLocalStore(directory));
      await restarted.refresh();
      t.deepEqual(restarted.titles(), three('version 2'));
      t.true(restarted.mirror.stale);
      t.deepEqual(restarted.refused, []);
    }
    const back = workerOn(host.store, await openLocalStore(directory));
    await back.refresh();
    t.false(back.mirror.stale);
  },
);

check('a host with nothing on its disk and Redis away answers from nothing, and catches up', async (t) => {
  const { host } = await stageFor(t);
  const directory = await diskFor(t);
  const away = await awayStore(t);
  let remote = away;
  const turning = new Proxy(away, { get: (_, name) => Reflect.get(remote, name) as unknown });
  const worker = workerOn(turning, await openLocalStore(directory));
  await worker.refresh();
  t.deepEqual(worker.titles(), []);
  t.true(worker.mirror.stale);
  remote = host.store;
  await worker.refresh();
  t.deepEqual(worker.titles(), three('version 1'));
  t.false(worker.mirror.stale);
});

check(
  'no worker goes back to an older version: not when Redis lost everything, not for an old copy, not at a start',
  async (t) => {
    const own = await startRedis(t);
    const { host, worker, directory, prefix } = await stageFor(t, own);
    const old = await own.dump();
    for (const version of [2, 3, 4]) await publishEvents(host.store, version);
    await worker.refresh();
    t.deepEqual(worker.titles(), three('version 4'));
    await own.ask('flushall');
    await worker.refresh();
    t.true(worker.mirror.stale);
    await own.restore(old);
    const again = await hostFor(t, own.url, { prefix });
    const after = workerOn(again.store, await openLocalStore(directory));
    t.deepEqual(await again.store.target(), { version: 1, pinned: false });
    await after.refresh();
    t.deepEqual(after.titles(), three('version 4'), 'it starts where its host was');
    await until('the connection is back', () => host.store.target());
    await worker.refresh();
    t.deepEqual(worker.titles(), three('version 4'));
    t.deepEqual(
      worker.served.map(({ version }) => version),
      [1, 4],
    );
  },
);

check('a pin stays while Redis is unavailable, for a running worker and for one that starts', async (t) => {
  const own = await startRedis(t);
  const { host, directory } = await stageFor(t, own);
  for (const version of [2, 3, 4]) await publishEvents(host.store, version);
  // This host has versions 1 and 4 only: the pinned one is not on its disk.
  const worker = workerOn(host.store, await openLocalStore(directory));
  await worker.refresh();
  t.deepEqual(worker.titles(), three('version 4'));
  await host.store.pin(2);
  await worker.refresh();
  t.deepEqual(worker.titles(), three('version 2'));
  t.deepEqual(worker.keepFaults, []);
  await own.kill();
  await worker.refresh();
  t.deepEqual(worker.titles(), three('version 2'));
  const restarted = workerOn(await awayStore(t), await openLocalStore(directory));
  await restarted.refresh();
  t.deepEqual(restarted.titles(), three('version 2'));
  t.deepEqual(restarted.served, [{ version: 2, pinned: true }]);
});

check('a pin is followed back, an unpin forward', async (t) => {
  const { host, worker } = await stageFor(t);
  await publishEvents(host.store, 2);
  await worker.refresh();
  await host.store.pin(1);
  await worker.refresh();
  await publishEvents(host.store, 3);
  await worker.refresh();
  await host.store.unpin();
  await worker.refresh();
  t.deepEqual(
    worker.served.map(({ version, pinned }) => `${version}${pinned ? ' pinned' : ''}`),
    ['1', '2', '1 pinned', '3'],
  );
});

check('a disk that is full keeps what was whole, and the worker serves on', async (t) => {
  const { host, directory } = await stageFor(t);
  let full = false;
  const disk = await openLocalStore(directory);
  const filling: LocalStore = {
    ...disk,
    putSegment: (name, bytes) => (full ? Promise.reject(new Error('ENOSPC')) : disk.putSegment(name, bytes)),
  };
  const worker = workerOn(host.store, filling);
  await worker.refresh();
  full = true;
  await publishEvents(host.store, 2);
  await worker.refresh();
  t.deepEqual(worker.titles(), three('version 2'));
  t.true(worker.keepFaults.length > 0);
  const restarted = workerOn(await awayStore(t), await openLocalStore(directory));
  await restarted.refresh();
  t.deepEqual(restarted.titles(), three('version 1'), 'the last that was whole');
  // There is space again: the next check completes it.
  full = false;
  await publishEvents(host.store, 3);
  await worker.refresh();
  const later = workerOn(await awayStore(t), await openLocalStore(directory));
  await later.refresh();
  t.deepEqual(later.titles(), three('version 3'));
});

check('a disk that is slower than the changes gets only segments that are still served', async (t) => {
  const { host, directory } = await stageFor(t);
  const disk = await openLocalStore(directory);
  const goOn = Promise.withResolvers<void>();
  const written: string[] = [];
  const slow: LocalStore = {
    ...disk,
    async putSegment(name, bytes) {
      written.push(name);
      await goOn.promise;
      await disk.putSegment(name, bytes);
    },
  };
  const worker = workerOn(host.store, slow);
  const hashes: string[][] = [];
  for (let version = 2; version <= 7; version++) {
    const { segments } = await publishEvents(host.store, version);
    hashes.push(segments.map((segment) => segment.hash));
    await worker.refresher.refresh();
  }
  const begun = written.length;
  goOn.resolve();
  await until('the last version is on the disk', async () => (await disk.currentVersion()) === 7);
  // The order is that in which Redis answered.
  t.deepEqual([...new Set(written.slice(begun))].toSorted(), hashes.at(-1)!.toSorted());
});

check('damaged data on the disk is fetched again, and repaired', async (t) => {
  const { host, directory } = await stageFor(t);
  for (const name of await readdir(join(directory, 'segments')))
    await writeFile(join(directory, 'segments', name), 'x');
  const worker = workerOn(host.store, await openLocalStore(directory));
  await worker.refresh();
  t.deepEqual(worker.titles(), three('version 1'));
  const restarted = workerOn(await awayStore(t), await openLocalStore(directory));
  await restarted.refresh();
  t.deepEqual(restarted.titles(), three('version 1'));
});

check(
  'a worker that starts with damaged data serves the last good copy, and continues once it is repaired',
  async (t) => {
    const { host, directory, keys } = await stageFor(t);
    const manifest = await publishEvents(host.store, 2);
    const key = keys.segment(manifest.segments[0]!.hash);
    const good = (await redis.askBytes('get', key))!;
    await host.client.set(key, 'x');
    const worker = workerOn(host.store, await openLocalStore(directory));
    for (let times = 1; times <= 4; times++) {
      await worker.refresh();
      t.deepEqual(worker.served, [], 'it may be mended at any moment');
    }
    await worker.refresh();
    t.deepEqual(worker.titles(), three('version 1'));
    await worker.refresh();
    t.is(worker.refused.length, 5, 'it goes on trying');
    t.true(await host.store.takeVerificationRequest());
    await host.client.set(key, good);
    await worker.refresh();
    t.deepEqual(worker.titles(), three('version 2'));
    const elsewhere = workerOn(host.store, await openLocalStore(await diskFor(t)));
    await host.client.set(key, 'x');
    for (let times = 0; times < 8; times++) await elsewhere.refresh();
    t.deepEqual(elsewhere.served, [], 'without a copy there is nothing to make do with');
  },
);

check('the disk is pruned once a minute, and never of what is served', async (t) => {
  const { host, directory } = await stageFor(t);
  let [now, prunes] = [0, 0];
  // Without grace: the first prune removes what is not kept.
  const disk = await openLocalStore(directory);
  const counted: LocalStore = {
    ...disk,
    prune() {
      prunes++;
      return disk.prune();
    },
  };
  const worker = workerOn(host.store, counted, () => now);
  for (let version = 2; version <= 41; version++) {
    await publishEvents(host.store, version);
    await worker.refresh();
    now += 3000;
  }
  t.is(prunes, 2, 'of forty versions in two minutes');
  // A pinned version, older than all that are kept.
  await host.store.pin(26);
  await worker.refresh();
  for (let version = 42; version <= 70; version++) await publishEvents(host.store, version);
  now += 60_000;
  await host.store.unpin();
  await worker.refresh();
  await host.store.pin(70);
  await worker.refresh();
  t.is(prunes, 4);
  t.true((await readdir(join(directory, 'manifests'))).length <= manifestsKept + 2);
  for (const version of [worker.served.at(-1)!.version, (await disk.currentVersion())!]) {
    const { segments } = await disk.retrieveManifest(version);
    for (const segment of segments) await disk.retrieveSegment(segment.hash);
  }
  const restarted = workerOn(await awayStore(t), await openLocalStore(directory));
  await restarted.refresh();
  t.deepEqual(restarted.titles(), three('version 70'));
  t.deepEqual(restarted.served, [{ version: 70, pinned: true }]);
  t.deepEqual(worker.keepFaults, []);
});

check('what was whole of a snapshot that was refused is not fetched again', async (t) => {
  const { host, keys } = await stageFor(t);
  const manifest = await publishEvents(host.store, 2);
  const [, rotten] = manifest.segments;
  const good = (await redis.askBytes('get', keys.segment(rotten!.hash)))!;
  await host.client.set(keys.segment(rotten!.hash), 'x');
  const fetched: string[] = [];
  const counting: SnapshotStore = {
    ...host.store,
    retrieveSegment(name) {
      fetched.push(name);
      return host.store.retrieveSegment(name);
    },
  };
  const refused: string[] = [];
  const refresher = createRefresher({
    store: counting,
    swapped: () => undefined,
    refused: (_version, reason) => refused.push(reason),
  });
  t.false(await refresher.refresh());
  t.false(await refresher.refresh());
  await host.client.set(keys.segment(rotten!.hash), good);
  t.true(await refresher.refresh());
  t.is(refresher.view.events, 3);
  t.is(refused.length, 2);
  t.deepEqual(
    fetched.toSorted(),
    [...manifest.segments.map(({ hash: name }) => name), rotten!.hash, rotten!.hash].toSorted(),
  );
});

check(
  'a worker on another host observes how long changes took, once for each version that it serves',
  async (t) => {
    const prefix = ownPrefix();
    const [publisher, follower] = [
      await hostFor(t, redis.url, { prefix }),
      await hostFor(t, redis.url, { prefix }),
    ];
    await publisher.lead();
    let clock = 100_000;
    const publish = (version: number, polledAt: number | null) =>
      publishEvents(publisher.store, version, undefined, polledAt);
    const startWorker = () => {
      let isFirst = true;
      const observed: number[] = [];
      let observing = Promise.resolve();
      const refresher = createRefresher({
        store: follower.store,
        swapped: (_view, _manifest, target, before) => {
          const observe = (seconds: number): void => void observed.push(seconds);
          const deps = { store: follower.store, observe, now: () => clock };
          observing = observeServed(isFirst ? null : before, target, deps);
          isFirst = false;
        },
        refused: (_version, reason) => t.fail(reason),
      });
      return async (): Promise<number[]> => {
        await refresher.refresh();
        await observing;
        return observed.splice(0);
      };
    };
    await publish(1, 90_000);
    const refresh = startWorker();
    t.deepEqual(await refresh(), [], 'a version from before the start');
    await publish(2, 98_000);
    t.deepEqual(await refresh(), [2]);
    t.deepEqual(await refresh(), [], 'the same version again');
    await publish(3, null);
    t.deepEqual(await refresh(), [], 'a version that only rebuilt segments');
    // The worker missed two announcements.
    await publish(4, 99_000);
    await publish(5, 99_500);
    clock = 100_500;
    t.deepEqual(await refresh(), [1, 1.5]);
    await publish(6, 200_000);
    t.deepEqual(await refresh(), [0], 'the clock of the publisher is ahead');
    // An operator rolls back and forward again.
    await publisher.store.pin(4);
    t.deepEqual(await refresh(), []);
    await publish(7, 100_000);
    await publisher.store.unpin();
    t.deepEqual(await refresh(), [], 'the end of a pin');
    // An earlier version of Marquee publishes, or the key was lost or damaged.
    for (const [version, text] of [
      [8, '7 100000\n'],
      [9, 'x'],
      [10, ''],
    ] as const) {
      await publish(version, 100_000);
      await follower.client.set(redisKeys(prefix).polled, text);
      t.deepEqual(await refresh(), [], text);
    }
    await publish(11, 100_400);
    await follower.client.del(redisKeys(prefix).polled);
    await redis.ask('lpush', redisKeys(prefix).polled, '11 100400');
    t.deepEqual(await refresh(), [], 'the key has another type');
    await publish(12, 100_400);
    t.deepEqual(await startWorker()(), [], 'a worker that starts again');
    t.deepEqual(await refresh(), [0.1]);
  },
);
