// A client that follows /changes while everything behind the workers fails: they restart, the publisher is replaced, the store is
// emptied, versions are pruned. On a directory and on Redis. `SEED=… npx ava test/store/changes.redis.test.ts` repeats a run.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import anyTest, { type ExecutionContext, type TestFn } from 'ava';
import { createEditions, type Editions } from '#/api/editions.ts';
import { createRefresher } from '#/api/refresh.ts';
import type { DetailedEvent } from '#/domain/event.ts';
import { isRefusal } from '#/domain/refusal.ts';
import { createChangesReader, type ChangesReader } from '#/search/changes/reader.ts';
import { beginning, decodeToken } from '#/search/changes/token.ts';
import { openLocalStore } from '#/store/local.ts';
import { createMirror, type Mirror } from '#/store/mirror.ts';
import type { SnapshotStore } from '#/store/store.ts';
import { endingOf } from '../_servers/ending.ts';
import { redisIsHere, startRedis, type RedisServer } from '../_servers/redis.ts';
import { publishAll, randomEvents } from '../_support/catalogue.ts';
import { directoryFor } from '../_support/directory.ts';
import { jsonOf } from '../_support/event-truths.ts';
import { isLong } from '../_support/long.ts';
import { mutated } from '../_support/mutated.ts';
import { seededFor } from '../_support/random.ts';
import { hostFor, ownPrefix } from './_snapshots.ts';

const test = anyTest as TestFn;
const ending = endingOf(test);
const onRedis = redisIsHere ? test.serial : test.serial.skip;
const year = { from: Date.UTC(2021, 0, 1), to: Date.UTC(2021, 11, 31) };
const steps = isLong ? 1500 : 120;

let redis: RedisServer;
test.before(async () => {
  if (redisIsHere) redis = await startRedis(ending);
});

interface Stage {
  /** The store as the host with this number sees it, after a start. */
  open(
    host: number,
  ): Promise<Pick<Mirror, 'target' | 'retrieveManifest' | 'retrieveSegment' | 'trouble'> & Partial<Mirror>>;
  /** The store of the leader. */
  publisher(): SnapshotStore;
  /** Another process leads from now on. */
  changeLeader(): Promise<void>;
  /** Everything that hosts share is lost; null when that is the disk of the only host. */
  readonly empty: (() => Promise<void>) | null;
}

interface Worker {
  readonly reader: ChangesReader;
  readonly editions: Editions;
  refresh(): Promise<boolean>;
  readonly version: number;
}

async function startWorker(stage: Stage, host: number): Promise<Worker> {
  const store = await stage.open(host);
  const editions = createEditions({ store, now: () => performance.now() });
  const refresher = createRefresher({
    store,
    swapped: (view, manifest, { pinned }) => {
      editions.swapped(view);
      void store.keep?.(manifest, pinned);
    },
    // A segment may be pruned or lost between the manifest and its retrieval; the next refresh tries again.
    refused: () => undefined,
  });
  const { find, load } = editions;
  const reader = createChangesReader({
    current: () => refresher.view,
    find,
    load,
    isPinned: () => false,
    journal: null,
  });
  await refresher.refresh();
  return {
    reader,
    editions,
    refresh: () => refresher.refresh(),
    get version() {
      return refresher.view.version;
    },
  };
}

async function follow(t: ExecutionContext, stage: Stage): Promise<void> {
  const random = seededFor(t);
  let events: readonly DetailedEvent[] = randomEvents(random, { events: 150, ...year, longShare: 0.1 });
  let version = 0;
  const publish = async (): Promise<void> => {
    version += random.int(1, 3);
    await publishAll(stage.publisher(), version, events, random.pick([60, 100]));
    await stage.publisher().prune();
  };
  await publish();
  const workers = [await startWorker(stage, 0), await startWorker(stage, 1)];
  const seen = { pages: 0, cut: 0, resyncs: 0, unavailable: 0, restarts: 0, leaders: 0, emptied: 0 };
  let copy = new Map<string, string>();
  let position = beginning;
  let isBegun = false;

  async function ask(worker: Worker): Promise<boolean> {
    const limit = random.pick([7, 30, 100]);
    const page = await worker.reader
      .read({ position, provider: null, limit })
      .catch(() => 'unavailable' as const);
    if (page === 'unavailable') {
      seen.unavailable++;
      return true;
    }
    if (page === 'gone') {
      seen.resyncs++;
      [copy, position, isBegun] = [new Map(), beginning, false];
      return true;
    }
    if (typeof page === 'string') throw new Error(`Got ${page}, expected a page.`);
    if (random.chance(0.2)) {
      seen.cut++;
      return true;
    }
    seen.pages++;
    for (const { change, id, event } of JSON.parse(`[${page.changes.toString()}]`) as {
      change: string;
      id: string;
      event: object | null;
    }[]) {
      if (!isBegun) t.is(change, 'new');
      if (event === null) copy.delete(id);
      else copy.set(id, JSON.stringify(event));
    }
    const next = decodeToken(page.token, null);
    if (isRefusal(next)) throw new Error(next.message);
    position = next;
    isBegun = next.base !== null;
    return page.hasMore;
  }

  const isSame = (): boolean =>
    copy.size === events.length && events.every((event) => copy.get(event.id) === jsonOf(event));

  for (let step = 0; step < steps; step++) {
    const i = random.int(0, 1);
    if (random.chance(0.3)) {
      events = mutated(random, events, random.pick([0, 0.01, 0.05]));
      await publish();
    }
    if (random.chance(0.5)) await workers[i]!.refresh();
    if (random.chance(0.04)) {
      seen.restarts++;
      workers[i] = await startWorker(stage, i);
    }
    if (random.chance(0.03)) {
      seen.leaders++;
      await stage.changeLeader();
    }
    if (stage.empty !== null && random.chance(0.02)) {
      seen.emptied++;
      await stage.empty();
      if (random.chance(0.5)) await ask(workers[i]!);
      await stage.changeLeader();
      await publish();
    }
    // A client with a token asks more often than versions are published; sometimes it is away for a while.
    if (!random.chance(0.2)) await ask(workers[random.int(0, 1)]!);
    if (step % 40 !== 39) continue;
    for (const worker of workers) while (worker.version < version) await worker.refresh();
    while (await ask(workers[random.int(0, 1)]!));
    t.true(isSame(), `step ${step}`);
  }
  t.log(JSON.stringify(seen));
  t.true(seen.pages > steps / 2 && seen.cut > 5);
}

test.serial('a client has exactly the catalogue, whatever fails, on a directory', async (t) => {
  const directory = join(await directoryFor(t), 'snapshots');
  let publisher = await openLocalStore(directory);
  await follow(t, {
    open: async () => ({ ...(await openLocalStore(directory)), trouble: null }),
    publisher: () => publisher,
    changeLeader: async () => void (publisher = await openLocalStore(directory)),
    empty: null,
  });
});

onRedis('a client has exactly the catalogue, whatever fails, on Redis', async (t) => {
  const prefix = ownPrefix();
  const directories = await Promise.all([0, 1].map(() => mkdtemp(join(tmpdir(), 'marquee-changes-'))));
  // Segments may still be being written.
  for (const directory of directories)
    t.teardown(() => rm(directory, { recursive: true, force: true, maxRetries: 10 }));
  let leader = await hostFor(t, redis.url, { prefix });
  let lease = await leader.lead();
  await follow(t, {
    async open(host) {
      const { store } = await hostFor(t, redis.url, { prefix });
      const disk = await openLocalStore(directories[host]!, 0);
      const failed = (): void => undefined;
      return createMirror(store, disk, () => performance.now(), failed);
    },
    publisher: () => leader.store,
    async changeLeader() {
      await leader.leases.release(lease);
      leader = await hostFor(t, redis.url, { prefix });
      lease = await leader.lead();
    },
    empty: async () => void (await redis.ask('flushall')),
  });
});
