// The publisher with a store that has lost data or is damaged.

import { hash } from 'node:crypto';
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { createPublisher, type Publisher } from '#/ingest/publishing/publisher.ts';
import type { Manifest } from '#/snapshot/manifest.ts';
import build from '#/snapshot/build.thread.ts';
import { base, feed, plan } from '../../_support/feeds.ts';
import { openPipeline, type Pipeline } from '../../_support/pipeline.ts';

interface Stage {
  readonly line: Pipeline;
  readonly publisher: Publisher;
  readonly manifest: Manifest;
  readonly path: (of: 'manifests' | 'segments', name: string | number) => string;
}

/** One event in each of three years; the last is called `title`. */
const yearsCalled = (title: string): string =>
  feed(
    ['2021', '2022', '2023'].map((year, i) =>
      base({
        id: String(i),
        ...(year === '2023' ? { title } : {}),
        plans: [plan({ start: `${year}-06-30T21:00:00`, end: `${year}-06-30T22:00:00` })],
      }),
    ),
  );

/** Opens a publisher as the next leader does: with only the archive and the store. */
const publisherOf = (
  { archive, store }: Pipeline,
  notPruned: (error: unknown) => void = () => undefined,
): Publisher =>
  createPublisher({
    mirror: null,
    archive,
    store,
    build: (task) => Promise.resolve(build(task)),
    buildAhead: 1,
    announce: () => undefined,
    notPruned,
    now: Date.now,
  });

/** Three years with one event each, published as version 1. */
async function stageFor(t: ExecutionContext): Promise<Stage> {
  const line = await openPipeline(t);
  await line.absorb(yearsCalled('as at first'));
  const publisher = publisherOf(line);
  t.like(await publisher.publish(), { kind: 'published', version: 1, built: 3, mended: 0 });
  const manifest = await line.store.retrieveManifest(1);
  return {
    line,
    publisher,
    manifest,
    path: (of, name) => join(line.directory, 'snapshots', of, String(name)),
  };
}

/** Flips one bit of a stored segment. */
async function turnBit({ manifest, path }: Stage, segment: number): Promise<void> {
  const file = path('segments', manifest.segments[segment]!.hash);
  const bytes = await readFile(file);
  bytes[bytes.length >> 1]! ^= 1;
  await writeFile(file, bytes);
}

const allWhole = async ({ line, manifest }: Stage): Promise<void> => {
  for (const segment of manifest.segments) await line.store.retrieveSegment(segment.hash);
};

test('a damaged segment is found by its bytes, and rebuilt under its own name', async (t) => {
  const stage = await stageFor(t);
  const { publisher } = stage;
  await turnBit(stage, 1);
  t.like(await publisher.publish(), { kind: 'unchanged', mended: 0, look: 'all' });
  publisher.requestCheck('presence');
  t.like(await publisher.publish(), { kind: 'unchanged', mended: 0, look: 'presence' });
  await t.throwsAsync(allWhole(stage), { message: /^Got segment/ });
  publisher.requestCheck('bytes');
  t.like(await publisher.publish(), { kind: 'unchanged', version: 1, mended: 1, look: 'bytes' });
  await t.notThrowsAsync(allWhole(stage));
});

test('a damaged manifest is replaced by the next version, without building segments', async (t) => {
  const { line, publisher, manifest, path } = await stageFor(t);
  await writeFile(path('manifests', 1), 'gone bad');
  publisher.requestCheck('bytes');
  t.like(await publisher.publish(), { kind: 'published', version: 2, built: 0, reused: 3 });
  t.deepEqual((await line.store.retrieveManifest(2)).segments, manifest.segments);
});

test('an intact foreign manifest is replaced', async (t) => {
  const { line, publisher, manifest, path } = await stageFor(t);
  const [, body = ''] = (await readFile(path('manifests', 1), 'utf8')).split('\n');
  const foreign = { ...(JSON.parse(body) as object), events: 2, segments: manifest.segments.slice(1) };
  const text = JSON.stringify(foreign);
  await writeFile(path('manifests', 1), `${hash('sha256', text, 'hex')}\n${text}\n`);
  t.is((await line.store.retrieveManifest(1)).segments.length, 2, 'it is whole');
  publisher.requestCheck('bytes');
  t.like(await publisher.publish(), { kind: 'published', version: 2, built: 0, reused: 3 });
});

test('a store that lost everything is filled again, in a later version', async (t) => {
  const stage = await stageFor(t);
  const { line, publisher, path } = stage;
  const folders = [path('manifests', ''), path('segments', '')];
  for (const folder of folders) {
    await rm(folder, { recursive: true });
    await mkdir(folder);
  }
  await rm(join(line.directory, 'snapshots', 'current'));
  publisher.requestCheck('presence');
  t.like(await publisher.publish(), { kind: 'published', version: 2, built: 3, mended: 3 });
  await allWhole(stage);
});

test('the publish after a failed one verifies as much', async (t) => {
  const stage = await stageFor(t);
  const { line, publisher } = stage;
  await turnBit(stage, 0);
  publisher.requestCheck('bytes');
  const { putSegment } = line.store;
  line.store.putSegment = () => Promise.reject(new Error('ENOSPC'));
  await t.throwsAsync(publisher.publish(), { message: 'ENOSPC' });
  t.is(publisher.version, null, 'what is in the store is not known');
  line.store.putSegment = putSegment;
  t.like(await publisher.publish(), { mended: 1, look: 'bytes' });
  t.is(publisher.version, 1);
});

test('a verification request during a publish is handled by the next one', async (t) => {
  const stage = await stageFor(t);
  const { publisher } = stage;
  const running = publisher.publish();
  await turnBit(stage, 2);
  publisher.requestCheck('bytes');
  t.like(await running, { mended: 0 });
  t.is(publisher.version, null);
  t.like(await publisher.publish(), { mended: 1 });
});

/** Makes the archive fail just before `publisher` records what it has published. */
async function publishUnnoted(t: ExecutionContext, line: Pipeline, publisher: Publisher): Promise<void> {
  const { archive } = line;
  const { notePublished } = archive;
  archive.notePublished = () => Promise.reject(new Error('the archive is away'));
  await t.throwsAsync(publisher.publish(), { message: 'the archive is away' });
  archive.notePublished = notePublished;
  publisher.requestCheck('presence');
}

test('workers continue from a version that was never recorded, and is missing from the store', async (t) => {
  const { line, publisher } = await stageFor(t);
  const [snapshots, copy] = ['snapshots', 'copy'].map((name) => join(line.directory, name));
  await cp(snapshots!, copy!, { recursive: true });
  for (const title of ['two', 'three']) {
    await line.absorb(yearsCalled(title));
    await publishUnnoted(t, line, publisher);
  }
  await line.refresh();
  t.is(line.view.version, 3);
  t.like(await line.archive.lastPublished(), { version: 1 });

  // The store is restored from its copy, another host leads, and the feed changes twice.
  await rm(snapshots!, { recursive: true });
  await rename(copy!, snapshots!);
  const next = publisherOf(line);
  for (const [i, title] of ['four', 'five'].entries()) {
    await line.absorb(yearsCalled(title));
    t.like(await next.publish(), { kind: 'published', version: 4 + i, built: 1, reused: 2 });
    await line.refresh();
    t.is(line.view.version, 4 + i);
    t.is(line.events().at(-1)?.title, title);
  }
});

test('workers get a new version after one that is missing, although nothing else has changed', async (t) => {
  const { line, publisher } = await stageFor(t);
  const [snapshots, copy] = ['snapshots', 'copy'].map((name) => join(line.directory, name));
  await cp(snapshots!, copy!, { recursive: true });
  await line.absorb(yearsCalled('two'));
  await publishUnnoted(t, line, publisher);
  await line.refresh();
  t.is(line.events().at(-1)?.title, 'two');
  await rm(snapshots!, { recursive: true });
  await rename(copy!, snapshots!);
  await line.absorb(yearsCalled('as at first'));
  t.like(await publisherOf(line).publish(), { kind: 'published', version: 3, built: 1, reused: 2 });
  await line.refresh();
  t.is(line.events().at(-1)?.title, 'as at first');
});

test('the next publisher adopts a version that was not recorded', async (t) => {
  const { line, publisher } = await stageFor(t);
  await line.absorb(yearsCalled('two'));
  await publishUnnoted(t, line, publisher);
  t.like(await publisherOf(line).publish(), { kind: 'unchanged', version: 2, mended: 0 });
  t.like(await line.archive.lastPublished(), { version: 2 });
  await line.absorb(yearsCalled('three'));
  await publishUnnoted(t, line, publisher);
  await line.absorb(yearsCalled('four'));
  t.like(await publisherOf(line).publish(), { kind: 'published', version: 4, built: 1, reused: 2 });
});

test('a failing store skips numbers, and rebuilds no unchanged segment', async (t) => {
  const { line, publisher } = await stageFor(t);
  const { publish } = line.store;
  line.store.publish = () => Promise.reject(new Error('ENOSPC'));
  await line.absorb(yearsCalled('two'));
  for (let i = 0; i < 3; i++) {
    await t.throwsAsync(publisher.publish(), { message: 'ENOSPC' });
    publisher.requestCheck('presence');
  }
  line.store.publish = publish;
  t.like(await publisherOf(line).publish(), { kind: 'published', version: 5, built: 1, reused: 2 });
  t.like(await publisherOf(line).publish(), { kind: 'unchanged', version: 5 });
});

test('a version is published although older ones cannot be removed', async (t) => {
  const { line } = await stageFor(t);
  const reasons: unknown[] = [];
  const publisher = publisherOf(line, (reason) => reasons.push(reason));
  const { prune } = line.store;
  const full = new Error('EROFS');
  line.store.prune = () => Promise.reject(full);
  await line.absorb(yearsCalled('two'));
  t.like(await publisher.publish(), { kind: 'published', version: 2, built: 1, reused: 2 });
  t.deepEqual(reasons, [full]);
  t.is(publisher.version, 2);
  line.store.prune = prune;
  await line.absorb(yearsCalled('three'));
  t.like(await publisher.publish(), { kind: 'published', version: 3 });
  t.is(reasons.length, 1);
});

test('a version whose number this archive did not assign is not reused, although it is only one ahead', async (t) => {
  const { line, manifest } = await stageFor(t);
  const foreign: Manifest = { version: 2, segments: manifest.segments.slice(1) };
  await line.store.publish(foreign);
  t.like(await publisherOf(line).publish(), { kind: 'published', version: 3, built: 3, reused: 0 });
  await line.refresh();
  t.is(line.events().length, 3);
});
