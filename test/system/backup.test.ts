// The guide "Operating", literally: back up the archive while the system runs, and restore it.

import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import test from 'ava';
import { startGrowingFeed } from './_hosts.ts';
import { directoryFor, startSystem, until } from './_system.ts';

test('a backup taken under load, restored on a new host, gives the same answers', async (t) => {
  const directory = await directoryFor(t);
  const feed = await startGrowingFeed(t, 20);
  const [first, second, copy] = ['first', 'second', 'copy.sqlite'].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ];
  const environment = { PROVIDER_URL: feed.url, POLL_SECONDS: '0.2', API_WORKERS: '1' };
  const system = await startSystem(t, { ...environment, DATA_DIR: first });
  const growing = setInterval(() => feed.grow(), 20);
  t.teardown(() => clearInterval(growing));
  await until('several versions are published', async () => (await system.status()).version > 3);
  // Only the archive has these from now on
  feed.forget(5);
  const fetches = feed.fetches();
  await until('the feed without them was read', () => feed.fetches() > fetches + 2);

  // `vacuum into`, as the guide says, while ingest writes
  const before = (await system.status()).version;
  const archive = new DatabaseSync(join(first, 'archive.sqlite'), { readOnly: true });
  archive.prepare('vacuum into ?').run(copy);
  archive.close();
  await until('ingest publishes meanwhile', async () => (await system.status()).version > before);
  clearInterval(growing);
  const answerOf = async (one: typeof system): Promise<unknown> => JSON.parse(await one.search());
  let answer: unknown = null;
  await until('nothing changes any more', async () => {
    const now = await answerOf(system);
    const isSame = JSON.stringify(now) === JSON.stringify(answer);
    answer = now;
    const { lastRun } = (await system.status()).providers['default']!;
    return isSame && lastRun?.outcome === 'unchanged';
  });
  t.regex(JSON.stringify(answer), /"title":"Night 1"/, 'an event that left the feed');
  system.kill('SIGTERM');
  t.is(await system.ended, 0);

  // The new host has the archive alone: snapshots are built from it
  await mkdir(second);
  await copyFile(copy, join(second, 'archive.sqlite'));
  const restored = await startSystem(t, { ...environment, DATA_DIR: second });
  await until('the first runs have read what the backup lacks', async () => {
    return JSON.stringify(await answerOf(restored)) === JSON.stringify(answer);
  });
  t.deepEqual((await restored.status()).ingest?.troubles, {});
});
