// The guide "Operating", literally: back up the archive while the system runs, and restore it.

import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync } from 'node:zlib';
import test from 'ava';
import { startGrowingFeed } from './_hosts.ts';
import { directoryFor, groupLives, startSystem, until } from './_system.ts';

test('a backup taken under load, restored on a new host, gives the same answers', async (t) => {
  const directory = await directoryFor(t);
  const feed = await startGrowingFeed(t, 20);
  const [first, second, copy] = ['first', 'second', 'copy.sqlite'].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ];
  const environment = { PROVIDER_URL: feed.url, POLL_SECONDS: '0.2', API_WORKERS: '1' };
  // As an operator may start and stop it: npm passes the signal on, and ends when the system has ended.
  const byNpm = { ...environment, DATA_DIR: first, HOME: directory };
  const system = await startSystem(t, byNpm, ['npm', 'start']);
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
  t.is(await system.ended, 0, system.output());
  t.regex(system.output(), /"msg":"stopped"/);
  await until('no process is left', () => !groupLives(system.pid));
  await t.throwsAsync(fetch(system.url), undefined, 'nobody holds the port');

  // The new host has the archive alone: snapshots are built from it
  await mkdir(second);
  await copyFile(copy, join(second, 'archive.sqlite'));
  const restored = await startSystem(t, { ...environment, DATA_DIR: second });
  await until('the first runs have read what the backup lacks', async () => {
    return JSON.stringify(await answerOf(restored)) === JSON.stringify(answer);
  });
  t.deepEqual((await restored.status()).ingest?.troubles, {});
});

test('an upgrade: the archive of an earlier release starts under this one, and its events are the answers', async (t) => {
  const directory = await directoryFor(t);
  const packed = await readFile(new URL('../archive/fixtures/migration-5.sqlite.gz', import.meta.url));
  const archive = join(directory, 'archive.sqlite');
  await writeFile(archive, gunzipSync(packed));
  const old = new DatabaseSync(archive, { readOnly: true });
  const query = 'select * from catalogue order by starts_at, id';
  const rows = old.prepare(query).all() as Record<string, string | number | null>[];
  old.close();
  t.is(rows.length, 66);
  const price = (minor: unknown): number | null => (minor === null ? null : Number(minor) / 100);
  const wanted = rows.map((row) => ({
    id: row['id'],
    title: row['title'],
    start_date: String(row['start_local']).slice(0, 10),
    start_time: String(row['start_local']).slice(11),
    end_date: String(row['end_local']).slice(0, 10),
    end_time: String(row['end_local']).slice(11),
    min_price: price(row['min_price']),
    max_price: price(row['max_price']),
  }));
  // No feed can be read: the archive is all there is.
  const system = await startSystem(t, {
    DATA_DIR: directory,
    PROVIDER_URL: 'http://127.0.0.1:9/',
    POLL_SECONDS: '60',
  });
  await until('the catalogue is published', async () => (await system.status()).events === wanted.length);
  const answer = JSON.parse(await system.search()) as { data: { events: object[] } };
  t.deepEqual(answer.data.events, wanted);
  const list = await fetch(`${system.url}/events?limit=100`);
  t.is(list.status, 200, 'the new segments have what lists need');
  const { data } = (await list.json()) as { data: { events: { id: string }[] } };
  t.deepEqual(new Set(data.events.map(({ id }) => id)), new Set(wanted.map(({ id }) => id)));
});
