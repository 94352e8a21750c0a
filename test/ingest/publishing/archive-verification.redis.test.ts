// Published events never vanish when the archive is emptied, exchanged, or restored from an older backup: with a directory and
// with Redis.

import { copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import test, { type ExecutionContext } from 'ava';
import { createPublisher, type Publisher } from '#/ingest/publishing/publisher.ts';
import { idsIn } from '#/snapshot/texts.ts';
import { openArchive } from '#/archive/archive.ts';
import { decodeManifest, encodeManifest } from '#/snapshot/manifest.ts';
import build from '#/snapshot/build.thread.ts';
import { decodeSegment } from '#/snapshot/segment.ts';
import { openLocalStore } from '#/store/local.ts';
import type { SnapshotStore } from '#/store/store.ts';
import { redisIsHere, startRedis } from '../../_servers/redis.ts';
import { base, feed, plan } from '../../_support/feeds.ts';
import { directoryFor } from '../../_support/directory.ts';
import { openPipeline, type Pipeline } from '../../_support/pipeline.ts';
import { hostFor, ownPrefix } from '../../store/_snapshots.ts';

interface Shelf {
  readonly store: SnapshotStore;
  /** The publisher's store loses all its data. */
  lose(): Promise<void>;
}

const shelves: Record<string, (t: ExecutionContext) => Promise<Shelf>> = {
  async directory(t) {
    const directory = join(await directoryFor(t), 'snapshots');
    const store = await openLocalStore(directory);
    return {
      store,
      async lose() {
        await rm(directory, { recursive: true });
        await openLocalStore(directory);
      },
    };
  },
  ...(redisIsHere
    ? {
        async Redis(t: ExecutionContext) {
          const redis = await startRedis(t);
          const host = await hostFor(t, redis.url, { prefix: ownPrefix() });
          await host.lead();
          return {
            store: host.store,
            async lose() {
              await host.client.flushall();
              await host.lead();
            },
          };
        },
      }
    : {}),
};

/** Opens a publisher as the next leader does. */
const publisherOf = (
  { archive }: Pick<Pipeline, 'archive'>,
  { store }: Shelf,
  mirror: SnapshotStore | null = null,
): Publisher =>
  createPublisher({
    archive,
    store,
    mirror,
    build: (task) => Promise.resolve(build(task)),
    buildAhead: 1,
    announce: () => undefined,
    notPruned: () => undefined,
    now: Date.now,
  });

/** One event on 30 June of each year. */
const years = (...numbers: number[]): string =>
  feed(
    numbers.map((year) =>
      base({
        id: String(year),
        plans: [plan({ start: `${year}-06-30T21:00:00`, end: `${year}-06-30T22:00:00` })],
      }),
    ),
  );

async function publishedIds(store: SnapshotStore): Promise<Set<string>> {
  const { segments } = await store.retrieveManifest((await store.currentVersion()) ?? 0);
  const ids = new Set<string>();
  for (const { hash } of segments)
    for (const id of idsIn(decodeSegment(await store.retrieveSegment(hash)))) ids.add(id);
  return ids;
}

async function archiveWith(t: ExecutionContext, ...numbers: number[]): Promise<Pipeline> {
  const line = await openPipeline(t);
  if (numbers.length > 0) await line.absorb(years(...numbers));
  return line;
}

for (const [kind, open] of Object.entries(shelves)) {
  test(`${kind}: an emptied archive is held until its feed has brought every event back`, async (t) => {
    const shelf = await open(t);
    t.like(await publisherOf(await archiveWith(t, 2021, 2022, 2023), shelf).publish(), { kind: 'published' });
    const before = await publishedIds(shelf.store);
    const line = await archiveWith(t);
    const publisher = publisherOf(line, shelf);
    t.like(await publisher.publish(), { kind: 'held', version: 1, held: { missing: 3 } });
    await line.absorb(years(2022, 2023, 2024, 2025));
    t.like(
      await publisher.publish(),
      { kind: 'held', held: { missing: 1 } },
      'more events, and one is missing',
    );
    t.deepEqual(await publishedIds(shelf.store), before);
    await line.absorb(years(2021));
    t.like(await publisher.publish(), { kind: 'published', version: 2, events: 5 });
    await line.absorb(years(2026));
    // Two segments: the new one, and that of 2021, which is no longer listed.
    t.like(await publisherOf(line, shelf).publish(), { kind: 'published', version: 3, events: 6, built: 2 });
  });

  test(`${kind}: a backup is held, also when its journal has grown beyond the published one`, async (t) => {
    const shelf = await open(t);
    const line = await archiveWith(t, 2021);
    await publisherOf(line, shelf).publish();
    const backup = join(line.directory, 'backup.sqlite');
    await line.archive.frozen(() => copyFile(join(line.directory, 'archive.sqlite'), backup));
    await copyFile(join(line.directory, 'archive.sqlite-wal'), `${backup}-wal`);
    await line.absorb(years(2021, 2022));
    await publisherOf(line, shelf).publish();
    const restored = await openArchive(`sqlite:${backup}`);
    t.teardown(() => restored.close());
    t.is(await restored.identity(), await line.archive.identity());
    t.like(await publisherOf({ archive: restored }, shelf).publish(), { kind: 'held', held: { missing: 1 } });
    t.is((await publishedIds(shelf.store)).size, 2);
    t.like(
      await publisherOf(line, shelf).publish(),
      { kind: 'unchanged', version: 2 },
      'the right archive is back',
    );
  });

  test(`${kind}: a foreign archive with as many events and the same numbers is held`, async (t) => {
    const shelf = await open(t);
    await publisherOf(await archiveWith(t, 2021, 2022), shelf).publish();
    const other = await archiveWith(t, 2023, 2024);
    await publisherOf(other, { store: other.store, lose: () => Promise.resolve() }).publish();
    t.like(await publisherOf(other, shelf).publish(), { kind: 'held', held: { missing: 2 } });
    t.is(await shelf.store.currentVersion(), 1);
  });

  test(`${kind}: an approval passes what was held, once, and no more`, async (t) => {
    const shelf = await open(t);
    await publisherOf(await archiveWith(t, 2021, 2022), shelf).publish();
    const line = await archiveWith(t, 2022);
    const publisher = publisherOf(line, shelf);
    t.is(publisher.approve(), null);
    t.like(await publisher.publish(), { kind: 'held' });
    t.like(publisher.approve(), { missing: 1 });
    t.like(await publisher.publish(), { kind: 'published', version: 2, events: 1 });
    t.like(await publisherOf(await archiveWith(t), shelf).publish(), { kind: 'held', held: { missing: 1 } });
  });

  test(`${kind}: the archive that has the events of an older manifest adopts it`, async (t) => {
    const shelf = await open(t);
    const line = await archiveWith(t, 2021, 2022);
    await publisherOf(line, shelf).publish();
    const { segments } = await shelf.store.retrieveManifest(1);
    await shelf.store.publish({ version: 2, segments });
    t.is((await shelf.store.retrieveManifest(2)).origin, undefined);
    t.like(await publisherOf(await archiveWith(t, 2021), shelf).publish(), {
      kind: 'held',
      held: { madeBy: null },
    });
    t.like(await publisherOf(line, shelf).publish(), { kind: 'published', version: 3, events: 2 });
    t.truthy((await shelf.store.retrieveManifest(3)).origin);
  });

  test(`${kind}: a store that lost everything is compared with the last good snapshot on the disk`, async (t) => {
    const shelf = await open(t);
    const line = await archiveWith(t, 2021, 2022);
    await publisherOf(line, shelf).publish();
    const mirror = await openLocalStore(await directoryFor(t));
    const manifest = await shelf.store.retrieveManifest(1);
    for (const { hash } of manifest.segments)
      await mirror.putSegment(hash, await shelf.store.retrieveSegment(hash));
    await mirror.publish(manifest);
    await shelf.lose();
    t.like(await publisherOf(await archiveWith(t, 2022), shelf, mirror).publish(), { kind: 'held' });
    t.is(await shelf.store.currentVersion(), null);
    t.like(await publisherOf(line, shelf, mirror).publish(), { kind: 'published', version: 2, events: 2 });
  });
}

test('a row that was deleted from the archive by hand is noticed', async (t) => {
  const shelf = await shelves['directory']!(t);
  const line = await archiveWith(t, 2021, 2022);
  await publisherOf(line, shelf).publish();
  const database = new DatabaseSync(join(line.directory, 'archive.sqlite'));
  database.exec('delete from known_event where day < 19000');
  database.close();
  t.like(await publisherOf(line, shelf).publish(), { kind: 'held', held: { missing: 1 } });
});

test('a manifest names its archive, and one without a name is read as before', (t) => {
  const hex = 'a'.repeat(32);
  const origin = { archive: hex, seq: 7, stamp: hex };
  t.deepEqual(decodeManifest(encodeManifest({ version: 1, segments: [], origin })).origin, origin);
  t.deepEqual(decodeManifest(encodeManifest({ version: 1, segments: [] })), { version: 1, segments: [] });
  t.throws(() => encodeManifest({ version: 1, segments: [], origin: { ...origin, stamp: 'x' } }));
});
