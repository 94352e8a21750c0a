// Storage can return wrong bits. Whatever bit is flipped, in whatever file, a worker continues to serve its view, byte for byte.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { createRefresher, type Refresher } from '#/api/refresh.ts';
import type { DetailedEvent } from '#/domain/event.ts';
import type { View } from '#/search/view.ts';
import { encodeManifest, type Manifest } from '#/snapshot/manifest.ts';
import { openLocalStore } from '#/store/local.ts';
import type { SnapshotStore } from '#/store/store.ts';
import { answerOf, everything, publishAll, randomEvents, truthOf } from './_support/catalogue.ts';
import { directoryFor } from './_support/directory.ts';
import { isLong } from './_support/long.ts';
import { seededFor, type Random } from './_support/random.ts';

const flips = isLong ? 1000 : 200;

interface Worker extends Refresher {
  readonly refusals: string[];
}

interface Stage {
  readonly directory: string;
  readonly store: SnapshotStore;
  readonly older: readonly DetailedEvent[];
  readonly newer: readonly DetailedEvent[];
  readonly manifests: readonly [Manifest, Manifest];
}

/** A store with two versions: the year 2021 is the same in both, 2022 is not, 2023 is only in the newer. */
async function stageFor(t: ExecutionContext, random: Random): Promise<Stage> {
  const year = (number: number, events: number): DetailedEvent[] =>
    randomEvents(random, {
      events,
      from: Date.UTC(number, 0, 1),
      to: Date.UTC(number, 11, 31),
      longShare: 0,
    });
  const directory = await directoryFor(t);
  const store = await openLocalStore(directory);
  const [shared, gone, come, added] = [year(2021, 80), year(2022, 40), year(2022, 150), year(2023, 5)];
  const [older, newer] = [
    [...shared, ...gone],
    [...shared, ...come, ...added],
  ];
  const manifests: [Manifest, Manifest] = [
    await publishAll(store, 1, older),
    await publishAll(store, 2, newer),
  ];
  return { directory, store, older, newer, manifests };
}

/** A worker that has version 1, and would now read version 2. */
async function workerOnTheOlder({ directory, store }: Stage): Promise<Worker> {
  const current = join(directory, 'current');
  await writeFile(current, '1\n');
  const worker = workerOn(store);
  await worker.refresh();
  await writeFile(current, '2\n');
  return worker;
}

function workerOn(store: SnapshotStore): Worker {
  const refusals: string[] = [];
  const refresher = createRefresher({
    store,
    swapped: () => undefined,
    refused: (_version, reason) => refusals.push(reason),
  });
  return {
    refusals,
    refresh: () => refresher.refresh(),
    get view(): View {
      return refresher.view;
    },
  };
}

/** The files that version 2 adds to version 1. */
function filesOf({ directory, manifests: [older, newer] }: Stage): string[] {
  const held = new Set(older.segments.map(({ hash }) => hash));
  const fresh = newer.segments.filter(({ hash }) => !held.has(hash));
  return [
    join(directory, 'current'),
    join(directory, 'manifests', '2'),
    ...fresh.map(({ hash }) => join(directory, 'segments', hash)),
  ];
}

function flipped(bytes: Buffer, random: Random): { bytes: Buffer; bit: number } {
  const bit = random.int(0, bytes.length * 8 - 1);
  const turned = Buffer.from(bytes);
  turned.writeUInt8(turned.readUInt8(bit >>> 3) ^ (1 << (bit & 7)), bit >>> 3);
  return { bytes: turned, bit };
}

test(`${flips} flipped bits are all refused, and the last good view stays`, async (t) => {
  const random = seededFor(t);
  const stage = await stageFor(t, random);
  const files = filesOf(stage);
  t.is(files.length, 4, 'current, the manifest and two segments');
  const [before, after] = [truthOf(stage.older, everything), truthOf(stage.newer, everything)];

  for (let i = 0; i < flips; i++) {
    const worker = await workerOnTheOlder(stage);
    const view = worker.view;
    const path = random.pick(files);
    const good = await readFile(path);
    const { bytes, bit } = flipped(good, random);
    await writeFile(path, bytes);
    await t.notThrowsAsync(worker.refresh());
    const place = `bit ${bit} of ${path.slice(stage.directory.length)}`;
    if (worker.view !== view || answerOf(view, everything) !== before) t.fail(`${place} was taken`);
    if (!path.endsWith('current')) t.is(worker.refusals.length, 1, `${place} was not noticed`);

    await writeFile(path, good);
    await worker.refresh();
    t.is(worker.view.version, 2, `${place}, put right`);
    if (answerOf(worker.view, everything) !== after) t.fail(`${place}, put right, gives another answer`);
  }
});

test('a worker that starts with flipped bits serves nothing', async (t) => {
  const random = seededFor(t);
  const stage = await stageFor(t, random);
  const [, newer] = stage.manifests;
  const path = join(stage.directory, 'segments', random.pick(newer.segments).hash);
  const good = await readFile(path);
  await writeFile(path, flipped(good, random).bytes);

  const worker = workerOn(stage.store);
  await worker.refresh();
  t.is(worker.view.version, 0);
  t.is(answerOf(worker.view, everything), '{"data":{"events":[]},"error":null}');
  await writeFile(path, good);
  await worker.refresh();
  t.is(answerOf(worker.view, everything), truthOf(stage.newer, everything));
});

test('a segment in memory is not requested from a damaged store again', async (t) => {
  const random = seededFor(t);
  const stage = await stageFor(t, random);
  const worker = await workerOnTheOlder(stage);
  const [older, newer] = stage.manifests;
  const shared = older.segments.find(({ hash }) => newer.segments.some((other) => other.hash === hash))!;
  await writeFile(join(stage.directory, 'segments', shared.hash), 'gone bad');
  await worker.refresh();
  t.is(answerOf(worker.view, everything), truthOf(stage.newer, everything));
});

test('truncated, empty, exchanged and missing files are refused too', async (t) => {
  const random = seededFor(t);
  const stage = await stageFor(t, random);
  const [, manifest, first, second] = filesOf(stage) as [string, string, string, string];
  const otherManifest = await readFile(join(stage.directory, 'manifests', '1'));
  const [a, b] = [await readFile(first), await readFile(second)];
  const harms: [path: string, bytes: Buffer][] = [
    [manifest, Buffer.alloc(0)],
    [manifest, otherManifest],
    [manifest, (await readFile(manifest)).subarray(0, -1)],
    [first, b],
    [second, a],
    [first, a.subarray(0, random.int(0, a.length - 1))],
    [second, Buffer.concat([b, Buffer.alloc(1)])],
  ];
  const before = truthOf(stage.older, everything);
  for (const [path, bytes] of harms) {
    const worker = await workerOnTheOlder(stage);
    const good = await readFile(path);
    await writeFile(path, bytes);
    await worker.refresh();
    t.is(worker.refusals.length, 1);
    t.is(answerOf(worker.view, everything), before);
    await writeFile(path, good);
  }
});

test('a manifest with wrong data about a segment is refused, although its own checksum is correct', async (t) => {
  const random = seededFor(t);
  const stage = await stageFor(t, random);
  const [, newer] = stage.manifests;
  const path = join(stage.directory, 'manifests', '2');
  const lie = (entry: Manifest['segments'][number], field: string) => ({
    ...entry,
    [field]: 1 + entry[field as 'events'],
  });
  for (const field of ['events', 'minStart', 'maxStart', 'minEnd', 'maxEnd']) {
    const worker = await workerOnTheOlder(stage);
    const segments = newer.segments.map((entry, i) =>
      i === newer.segments.length - 1 ? lie(entry, field) : entry,
    );
    await writeFile(path, encodeManifest({ version: 2, segments }));
    await worker.refresh();
    t.regex(worker.refusals.join(), new RegExp(`with ${field} `));
    t.is(answerOf(worker.view, everything), truthOf(stage.older, everything));
  }
});
