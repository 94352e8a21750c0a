// The companions of segments, from feeds to the answers for single events: with a directory and with Redis.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { createCompanions } from '#/api/companions.ts';
import { createRefresher } from '#/api/refresh.ts';
import { isWholeCompanion } from '#/snapshot/companion/format.ts';
import { openLocalStore, type LocalStore } from '#/store/local.ts';
import { createMirror } from '#/store/mirror.ts';
import type { SnapshotStore } from '#/store/store.ts';
import { redisIsHere, startRedis } from '../../_servers/redis.ts';
import { until } from '../../_servers/server.ts';
import { apiFor } from '../../_support/api.ts';
import { directoryFor } from '../../_support/directory.ts';
import { createChangingFeed, createEventModel } from '../../_support/event-model.ts';
import { base, feed, plan, zones } from '../../_support/feeds.ts';
import { openPipeline, type Pipeline } from '../../_support/pipeline.ts';
import { seededFor } from '../../_support/random.ts';
import { hostFor, ownPrefix } from '../../store/_snapshots.ts';

const all = 512_000_000;
const epoch = Date.UTC(2026, 0, 1);

interface Shelf {
  readonly store: SnapshotStore;
  /** Moves the clock of the store. */
  later(ms: number): void;
}

const shelves: Record<string, (t: ExecutionContext) => Promise<Shelf>> = {
  directory: async (t) => ({
    store: await openLocalStore(join(await directoryFor(t), 'snapshots')),
    later: () => undefined,
  }),
  ...(redisIsHere
    ? {
        async Redis(t: ExecutionContext) {
          const redis = await startRedis(t);
          let now = Date.now();
          const host = await hostFor(t, redis.url, { prefix: ownPrefix(), now: () => now });
          await host.lead();
          return { store: host.store, later: (ms: number) => void (now += ms) };
        },
      }
    : {}),
};

const wholeIn = async (store: SnapshotStore, hash: string): Promise<boolean> =>
  isWholeCompanion(await store.readCompanion(hash, 0, all), hash);

async function namesIn({ store }: Pick<Pipeline, 'store'>): Promise<string[]> {
  const manifest = await store.retrieveManifest((await store.currentVersion())!);
  return manifest.segments.map(({ hash }) => hash);
}

interface Answered {
  readonly data: { readonly event: Record<string, unknown> } | null;
  readonly error: { readonly code: string } | null;
}

for (const [name, open] of Object.entries(shelves)) {
  test(`${name}: after each feed, every event is answered by its id as a model says`, async (t) => {
    const random = seededFor(t);
    const { store } = await open(t);
    let now = epoch;
    const line = await openPipeline(t, [{}], { store, now: () => now });
    const model = createEventModel();
    const next = createChangingFeed(random, 12);
    const companions = createCompanions({ store });
    const api = await apiFor(t, () => line.view, { companions });
    for (let round = 0; round < 8; round++) {
      const bases = next();
      const run = await line.tell(feed(bases));
      t.not(run.outcome, 'failed');
      model.hear('default', now, bases);
      for (const id of model.ids()) {
        const answer = (await (await api.get(`/events/${id}`)).json()) as Answered;
        t.deepEqual(answer.data?.event ?? null, model.event(id), `${id} in round ${round}`);
      }
      now += 3_600_000;
    }
  });

  test(`${name}: an interim version of a first load has no companions; the end of the run adds them`, async (t) => {
    const { store } = await open(t);
    const line = await openPipeline(t, [{}], { store });
    const api = await apiFor(t, () => line.view, { companions: createCompanions({ store }) });
    await line.absorb(
      feed([
        base(),
        base({ id: '2', plans: [plan({ start: '2022-06-30T21:00:00', end: '2022-06-30T22:00:00' })] }),
      ]),
    );
    t.like(await line.publish(true), { kind: 'published', built: 2 });
    await line.refresh();
    const [first] = line.events();
    const path = `/events/${first!.id}`;
    t.is((await api.get(path)).status, 503);
    t.is((await api.get(`${path}?fields=title`)).status, 200);
    for (const hash of await namesIn(line)) t.false(await store.hasCompanion(hash));
    // The segments stay: only their companions are built.
    t.like(await line.publish(), { kind: 'unchanged', version: 1 });
    for (const hash of await namesIn(line)) t.true(await wholeIn(store, hash));
    t.is((await api.get(path)).status, 200);
    // In a later run, interim versions keep the companions of what had them.
    await line.absorb(feed([base({ title: 'Another' }), base({ id: '2', title: 'More' })]));
    t.like(await line.publish(true), { kind: 'published', version: 2 });
    for (const hash of await namesIn(line)) t.true(await wholeIn(store, hash));
  });

  test(`${name}: a change of a zone's capacity among equals builds the segment and its companion again`, async (t) => {
    const { store } = await open(t);
    const line = await openPipeline(t, [{}], { store });
    const api = await apiFor(t, () => line.view, { companions: createCompanions({ store }) });
    const seats = (...prices: string[]): string =>
      feed([base({ plans: [plan({ zones: zones(...prices) })] })]);
    await line.tell(seats('20.00/1', '20.00/2'));
    const before = await namesIn(line);
    await line.tell(seats('20.00/2', '20.00/1'));
    t.notDeepEqual(await namesIn(line), before);
    const answer = (await (await api.get(`/events/${line.events()[0]!.id}`)).json()) as Answered;
    t.like(answer.data?.event, { zones: [{ capacity: 2 }, { capacity: 1 }] });
  });

  test(`${name}: missing and damaged companions are built again, and those of removed segments are removed`, async (t) => {
    const { store, later } = await open(t);
    const line = await openPipeline(t, [{}], { store });
    await line.tell(feed([base()]));
    const [hash] = (await namesIn(line)) as [string];
    const companions = createCompanions({ store });
    const api = await apiFor(t, () => line.view, { companions });
    await store.putCompanion(
      hash,
      (await store.readCompanion(hash, 0, all)).map((byte, i) => (i === 90 ? byte ^ 1 : byte)),
    );
    const path = `/events/${line.events()[0]!.id}`;
    const answer = await api.get(path);
    t.is(answer.status, 503);
    t.is(answer.headers.get('retry-after'), '5');
    t.is(((await answer.json()) as Answered).error?.code, 'zones_unavailable');
    // The worker asked for a verification.
    t.true(await store.takeVerificationRequest());
    const next = await openPipeline(t, [{}], {
      store,
      archiveUrl: `sqlite:${join(line.directory, 'archive.sqlite')}`,
    });
    t.like(await next.publish(), { kind: 'unchanged', version: 1, look: 'bytes' });
    t.true(await wholeIn(store, hash));
    t.is((await api.get(path)).status, 200);
    for (let i = 0; i < 20; i++) {
      await line.tell(feed([base({ title: `Title ${i}` })]));
      later(3_600_000);
    }
    await store.prune();
    t.false(await store.hasCompanion(hash));
    for (const kept of await namesIn(line)) t.true(await wholeIn(store, kept));
  });
}

(redisIsHere ? test : test.skip)(
  'while Redis is frozen, an event is answered from what is in memory, and others are 503 within the wait',
  async (t) => {
    const redis = await startRedis(t);
    const host = await hostFor(t, redis.url, { prefix: ownPrefix() });
    await host.lead();
    const line = await openPipeline(t, [{}], { store: host.store });
    const far = plan({ start: '2023-06-30T21:00:00', end: '2023-06-30T22:00:00' });
    await line.tell(feed([base(), base({ id: '2', plans: [far] })]));
    const api = await apiFor(t, () => line.view, {
      companions: createCompanions({ store: host.store, waitMs: 300 }),
    });
    const [near, other] = line.events().map(({ id }) => `/events/${id}`) as [string, string];
    t.is((await api.get(near)).status, 200);
    await redis.freeze();
    t.is((await api.get(near)).status, 200);
    t.is((await api.get(`${other}?fields=title`)).status, 200);
    const refused = await api.get(other);
    t.is(((await refused.json()) as Answered).error?.code, 'zones_unavailable');
    await redis.thaw();
    // A frozen connection may have been given up by now: the next one takes a moment.
    await until('the event is answered again', async () => (await api.get(other)).status === 200);
  },
);

(redisIsHere ? test : test.skip)(
  'a host answers single events from its own disk while Redis is away, empty, or was emptied before a restart',
  async (t) => {
    const redis = await startRedis(t);
    const host = await hostFor(t, redis.url, { prefix: ownPrefix() });
    await host.lead();
    const line = await openPipeline(t, [{}], { store: host.store });
    const directory = await directoryFor(t);
    const far = plan({ start: '2023-06-30T21:00:00', end: '2023-06-30T22:00:00' });
    const faults: unknown[] = [];
    const keeping: Promise<void>[] = [];
    async function startWorker(bytesMax = 1_000_000, at = directory) {
      const disk = await openLocalStore(at);
      const copying = { everyMs: 20, bytesMax };
      const failed = (error: unknown): void => void faults.push(error);
      const mirror = createMirror(host.store, disk, () => performance.now(), failed, copying);
      const refresher = createRefresher({
        store: mirror,
        swapped: (_view, manifest, { pinned }) => void keeping.push(mirror.keep(manifest, pinned)),
        refused: (_version, reason) => t.fail(reason),
      });
      await refresher.refresh();
      const companions = createCompanions({ store: mirror });
      const api = await apiFor(t, () => refresher.view, { companions });
      const answers = (): Promise<string[]> =>
        Promise.all(
          line.events().map(async ({ id }) => {
            const answer = await api.get(`/events/${id}`);
            return answer.status === 200 ? answer.text() : String(answer.status);
          }),
        );
      return { disk, mirror, refresher, answers };
    }
    const copied = (disk: LocalStore, names: readonly string[]) =>
      until('the companions are copied', async () => {
        const sizes = await disk.companionSizes();
        return sizes.size === names.length && names.every((name) => (sizes.get(name) ?? 0) > 0);
      });
    await line.tell(feed([base(), base({ id: '2', plans: [far] })]));
    const first = await startWorker();
    await copied(first.disk, await namesIn(line));
    // Copies of replaced segments go with the next version.
    await line.tell(feed([base({ title: 'Another' }), base({ id: '2', plans: [far] })]));
    await first.refresher.refresh();
    const names = await namesIn(line);
    await copied(first.disk, names);
    const wanted = await first.answers();
    t.true(wanted.every((text) => text.includes('"zones":[{')));

    await redis.ask('flushall');
    t.deepEqual(await (await startWorker()).answers(), wanted, 'after a restart, Redis is empty');
    await redis.freeze();
    const frozen = await startWorker();
    t.deepEqual(await frozen.answers(), wanted, 'after a restart, Redis is away');
    // A damaged copy is never an answer; once Redis has the companion again, it is repaired.
    const [name] = names as [string];
    const path = join(directory, 'companions', name);
    const whole = await readFile(path);
    await writeFile(
      path,
      whole.map((byte, i) => (i === whole.length - 1 ? byte ^ 1 : byte)),
    );
    const again = await startWorker();
    t.deepEqual(
      (await again.answers()).map((text) => text.length > 3),
      line.events().map(({ title }) => title !== 'Another'),
    );
    await redis.thaw();
    await until('the publisher has repaired the store', async () => {
      const next = await openPipeline(t, [{}], {
        store: host.store,
        archiveUrl: `sqlite:${join(line.directory, 'archive.sqlite')}`,
      });
      await host.lead().catch(() => undefined);
      await next.publish();
      return wholeIn(host.store, name);
    });
    await again.refresher.refresh();
    await until('the copy is repaired', async () => whole.equals(await readFile(path)));
    t.deepEqual(await again.answers(), wanted);

    // The copies of a host are limited: those of the events that begin last come first. The workers before still copy into theirs.
    const small = await startWorker(whole.length + 20, await directoryFor(t));
    await copied(small.disk, names.slice(-1));
    // The directories are removed at the end, when nobody writes into them any more.
    await Promise.all(keeping);
    t.deepEqual(faults, []);
  },
);
