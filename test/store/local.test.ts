import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { segmentName, type Manifest } from '#/snapshot/manifest.ts';
import { openLocalStore } from '#/store/local.ts';
import { pollsIn, withPoll } from '#/store/polls.ts';
import type { SnapshotStore } from '#/store/store.ts';
import { publishAll, randomEvents } from '../_support/catalogue.ts';
import { directoryFor } from '../_support/directory.ts';
import { randomOf } from '../_support/random.ts';

interface Shelf {
  readonly directory: string;
  readonly store: SnapshotStore;
  files(folder: '.' | 'segments' | 'manifests'): Promise<string[]>;
}

async function shelfFor(t: ExecutionContext): Promise<Shelf> {
  const directory = await directoryFor(t);
  return {
    directory,
    store: await openLocalStore(directory),
    files: async (folder) => (await readdir(join(directory, folder))).toSorted(),
  };
}

/** A version with 40 events of its own, and 40 that all versions share. */
function publishVersion(store: SnapshotStore, version: number): Promise<Manifest> {
  const year = (number: number, seed: number) =>
    randomEvents(randomOf(seed), {
      events: 40,
      from: Date.UTC(number, 0, 1),
      to: Date.UTC(number, 11, 1),
      longShare: 0,
    });
  return publishAll(store, version, [...year(2020, 0), ...year(2021, version)]);
}

const some = Buffer.from('the bytes of a segment');
const name = segmentName(some);

test('a new store has no version to serve', async (t) => {
  const { store } = await shelfFor(t);
  t.is(await store.currentVersion(), null);
  await t.notThrowsAsync(store.prune());
});

test('a published version is current, and complete', async (t) => {
  const { store } = await shelfFor(t);
  const manifest = await publishVersion(store, 1);
  t.is(await store.currentVersion(), 1);
  t.deepEqual(await store.retrieveManifest(1), manifest);
  for (const { hash, bytes } of manifest.segments) t.is((await store.retrieveSegment(hash)).length, bytes);
});

test('a published version is there after the store was opened again', async (t) => {
  const { directory, store } = await shelfFor(t);
  const manifest = await publishVersion(store, 3);
  const again = await openLocalStore(directory);
  t.is(await again.currentVersion(), 3);
  t.deepEqual(await again.retrieveManifest(3), manifest);
});

test('current only moves to a higher version', async (t) => {
  const { store } = await shelfFor(t);
  const manifest = await publishVersion(store, 5);
  for (const version of [5, 4, 1]) {
    await t.throwsAsync(store.publish({ ...manifest, version }), {
      message: `Got version ${version}, expected one after 5.`,
    });
    t.is(await store.currentVersion(), 5);
  }
  t.deepEqual(await store.retrieveManifest(5), manifest);
  await store.publish({ ...manifest, version: 9 });
  t.is(await store.currentVersion(), 9, 'it may leap');
});

test('an inconsistent manifest is not published', async (t) => {
  const { store } = await shelfFor(t);
  const manifest = await publishVersion(store, 1);
  const segments = manifest.segments.toReversed();
  await t.throwsAsync(store.publish({ version: 2, segments }));
  t.is(await store.currentVersion(), 1);
});

test('a segment is found under its name, and nothing under another', async (t) => {
  const { store } = await shelfFor(t);
  await store.putSegment(name, some);
  t.deepEqual(Buffer.from(await store.retrieveSegment(name)), some);
  await t.throwsAsync(store.retrieveSegment('0'.repeat(64)), { code: 'ENOENT' });
  await t.throwsAsync(store.retrieveManifest(7), { code: 'ENOENT' });
});

test('a segment that does not match its name is refused', async (t) => {
  const { store } = await shelfFor(t);
  await t.throwsAsync(store.putSegment(name, Buffer.from('other bytes')), {
    message: /^Got segment .*, expected /,
  });
});

test('an intact segment is not written again, and a damaged one is', async (t) => {
  const { directory, store } = await shelfFor(t);
  const path = join(directory, 'segments', name);
  await store.putSegment(name, some);
  await writeFile(path, 'gone bad');
  await t.throwsAsync(store.retrieveSegment(name), { message: /^Got segment/ });
  await store.putSegment(name, some);
  t.deepEqual(await readFile(path), some);
});

test('many verification requests count as one, and are taken once', async (t) => {
  const { directory, store } = await shelfFor(t);
  t.false(await store.takeVerificationRequest());
  const other = await openLocalStore(directory);
  await Promise.all([store.requestVerification(), other.requestVerification(), other.requestVerification()]);
  t.true(await store.takeVerificationRequest());
  t.false(await other.takeVerificationRequest());
});

test('prune keeps the newest manifests and their segments, and nothing else', async (t) => {
  const { store, files } = await shelfFor(t);
  const published: Manifest[] = [];
  for (let version = 1; version <= 19; version++) published.push(await publishVersion(store, version));
  await store.prune();

  const kept = Array.from({ length: 16 }, (_, i) => 4 + i);
  t.deepEqual(await files('manifests'), kept.map(String).toSorted());
  const named = new Set(published.slice(3).flatMap(({ segments }) => segments.map(({ hash }) => hash)));
  t.is(named.size, 17, 'sixteen of their own and one in common');
  t.deepEqual(await files('segments'), [...named].toSorted());
  for (const version of kept) {
    for (const { hash } of (await store.retrieveManifest(version)).segments)
      await store.retrieveSegment(hash);
  }
  t.is(await store.currentVersion(), 19);
});

test('prune does nothing when the current version is unknown', async (t) => {
  const { directory, store, files } = await shelfFor(t);
  await publishVersion(store, 1);
  const before = await files('segments');
  await writeFile(join(directory, 'current'), 'garbage');
  await store.prune();
  t.deepEqual(await files('segments'), before);
  t.deepEqual(await files('manifests'), ['1']);
});

test('files of a publisher that was killed before it moved current are harmless, and are removed', async (t) => {
  const { directory, store, files } = await shelfFor(t);
  const manifest = await publishVersion(store, 1);
  const segments = await files('segments');
  const leftovers = [
    ['segments', `${'a'.repeat(64)}.4711.part`],
    ['segments', 'b'.repeat(64)],
    ['manifests', '2.4711.part'],
    ['manifests', '2'],
    ['.', 'current.4711.part'],
  ] as const;
  for (const [folder, file] of leftovers) await writeFile(join(directory, folder, file), 'half a fi');

  const again = await openLocalStore(directory);
  t.is(await again.currentVersion(), 1);
  t.deepEqual(await again.retrieveManifest(1), manifest);
  await again.prune();
  t.deepEqual(await files('segments'), segments);
  t.deepEqual(await files('manifests'), ['1']);
  t.deepEqual(await files('.'), ['companions', 'current', 'manifests', 'segments']);

  const next = await publishVersion(again, 2);
  t.deepEqual(await again.retrieveManifest(2), next, 'and its number is free again');
});

test('the next publisher overwrites a manifest beyond current', async (t) => {
  const { directory, store } = await shelfFor(t);
  await publishVersion(store, 1);
  await writeFile(join(directory, 'manifests', '2'), 'a manifest of which nobody heard');
  const manifest = await publishVersion(store, 2);
  t.deepEqual(await store.retrieveManifest(2), manifest);
});

for (const text of [
  '',
  '\n',
  '0\n',
  '-1\n',
  '1',
  '1\n\n',
  '1.5\n',
  '1e3\n',
  ' 1\n',
  '01\n',
  '99999999999999999\n',
  'one\n',
]) {
  test(`a current of ${JSON.stringify(text)} names no version`, async (t) => {
    const { directory, store } = await shelfFor(t);
    await publishVersion(store, 1);
    await writeFile(join(directory, 'current'), text);
    t.is(await store.currentVersion(), null);
  });
}

test('a manifest under the number of another version is refused', async (t) => {
  const { directory, store } = await shelfFor(t);
  await publishVersion(store, 1);
  await publishVersion(store, 2);
  await writeFile(join(directory, 'manifests', '2'), await readFile(join(directory, 'manifests', '1')));
  await t.throwsAsync(store.retrieveManifest(2), { message: 'Got manifest 1, expected 2.' });
});

test('a store without its directory reports it', async (t) => {
  const { directory, store } = await shelfFor(t);
  await publishVersion(store, 1);
  await rm(directory, { recursive: true });
  t.is(await store.currentVersion(), null);
  await t.throwsAsync(store.retrieveManifest(1), { code: 'ENOENT' });
  await t.throwsAsync(store.putSegment(name, some), { code: 'ENOENT' });
});

test('the polls of the newest versions are kept, and damage to them costs only themselves', async (t) => {
  const { directory, store } = await shelfFor(t);
  t.deepEqual(await store.polls(), []);
  const manifest = await publishVersion(store, 1);
  await store.publish({ ...manifest, version: 2 }, 1_000);
  await store.publish({ ...manifest, version: 3 }, null);
  await store.publish({ ...manifest, version: 5 }, 2_000);
  const both = [
    { version: 5, polledAt: 2_000 },
    { version: 2, polledAt: 1_000 },
  ];
  t.deepEqual(await store.polls(), both);
  t.deepEqual(await (await openLocalStore(directory)).polls(), both, 'after a restart');
  await store.prune();
  t.deepEqual(await store.polls(), both);
  await writeFile(join(directory, 'polled'), '5 2000\n2 yesterday\n');
  t.deepEqual(await store.polls(), []);
  await store.publish({ ...manifest, version: 6 }, 3_000);
  t.deepEqual(await store.polls(), [{ version: 6, polledAt: 3_000 }]);
});

test('a text of polls holds the newest 32; a damaged one holds none', (t) => {
  let text: string | null = null;
  for (let version = 1; version <= 40; version++) text = withPoll(text, version, version * 1000);
  const polls = pollsIn(text);
  t.deepEqual(
    polls.map(({ version }) => version),
    Array.from({ length: 32 }, (_, i) => 40 - i),
  );
  // The store was restored from a newer copy: the later versions of that copy are not of this line.
  t.deepEqual(
    pollsIn(withPoll(text, 12, 5)).map(({ version }) => version),
    [12, 11, 10, 9],
  );
  const largest = Number.MAX_SAFE_INTEGER;
  t.deepEqual(pollsIn(`${largest} ${largest}\n`), [{ version: largest, polledAt: largest }]);
  const damaged = [
    '7 1000\n7 1000\n',
    '7 1000\n8 1000\n',
    '7\n',
    '7 1000 1\n',
    '0 1000\n',
    '7 -1\n',
    '7 0\n',
    '7 1.5\n',
    '7 1e3\n',
    `7 ${largest + 2}\n`,
    '\n',
    `${text}${'1 1\n'.repeat(200)}`,
  ];
  for (const one of damaged) t.deepEqual(pollsIn(one), [], one.slice(0, 40));
});
