// The memory of an API worker after changes of the whole catalogue, against that of one that has just started on it.

import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { createReclaim } from '#/api/reclaim.ts';
import type { DetailedEvent } from '#/domain/event.ts';
import { buildSegment } from '#/snapshot/build.thread.ts';
import type { SegmentEntry } from '#/snapshot/manifest.ts';
import { openLocalStore, type LocalStore } from '#/store/local.ts';
import { plainDetails } from '../_support/catalogue.ts';
import { directoryFor, startSystem, until, type System } from './_system.ts';

const days = 100;
const eventsPerDay = 150;
const titleBytes = 5000;
const swaps = 8;
/** What is left of replaced segments, and how memory varies from start to start, must stay below this. */
const ratioMax = 1.2;

const dayMs = 86_400_000;

function segmentOf(day: number, edition: string): ReturnType<typeof buildSegment> {
  const events = Array.from({ length: eventsPerDay }, (_, i): DetailedEvent => {
    const start = Date.UTC(2026, 0, 1) + day * dayMs + i * 60_000;
    const [startLocal, endLocal] = [start, start + 60_000].map((at) =>
      new Date(at).toISOString().slice(0, 19),
    );
    const id = `00000000-0000-5000-8000-${String(day * eventsPerDay + i).padStart(12, '0')}`;
    const title = edition.repeat(titleBytes / edition.length);
    return {
      ...plainDetails,
      id,
      title,
      start,
      end: start + 60_000,
      startLocal: startLocal ?? '',
      endLocal: endLocal ?? '',
      minPrice: null,
      maxPrice: null,
      ...plainDetails,
    };
  });
  return buildSegment(new Date(events[0]?.start ?? 0).toISOString().slice(0, 10), events);
}

/** Every segment of one edition differs from that of the other. */
async function storeEdition(store: LocalStore, edition: string): Promise<SegmentEntry[]> {
  const entries: SegmentEntry[] = [];
  for (let day = 0; day < days; day++) {
    const { entry, bytes } = segmentOf(day, edition);
    await store.putSegment(entry.hash, bytes);
    entries.push(entry);
  }
  return entries;
}

const residentOf = async (pid: number): Promise<number> =>
  Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;

async function servingWorker(system: System, version: number): Promise<number> {
  await until(
    `version ${version} is served`,
    async () => (await system.status()).workers[0]?.version === version,
  );
  return (await system.status()).workers[0]?.pid ?? 0;
}

async function startWorker(t: ExecutionContext, dataDir: string): Promise<System> {
  return startSystem(t, { DATA_DIR: dataDir, ROLES: 'api', API_WORKERS: '1' });
}

test('a worker that has replaced all its segments several times uses little more memory than a new one', async (t) => {
  const directory = await directoryFor(t);
  const store = await openLocalStore(join(directory, 'snapshots'));
  const editions = [await storeEdition(store, 'matinee '), await storeEdition(store, 'evening ')];
  for (let version = 1; version <= swaps; version++)
    await store.putManifest({ version, segments: editions[version % 2] ?? [] });
  const current = join(directory, 'snapshots', 'current');

  await writeFile(current, '1\n');
  const system = await startWorker(t, directory);
  for (let version = 2; version <= swaps; version++) {
    await writeFile(current, `${version}\n`);
    await servingWorker(system, version);
  }
  const old = await servingWorker(system, swaps);
  const parts = [
    ...(await system.metrics()).matchAll(/^marquee_snapshot_bytes\{.*part="(\w+)".*\} (\d+)$/gm),
  ];
  t.deepEqual(parts.map(([, part]) => part).toSorted(), ['columns', 'deflated', 'rendered']);
  t.is(
    parts.reduce((sum, [, , bytes]) => sum + Number(bytes), 0),
    (editions[swaps % 2] ?? []).reduce((sum, { bytes }) => sum + bytes, 0),
    'of the version that is served now',
  );
  // A system has a data directory of its own.
  const copy = await directoryFor(t);
  await cp(directory, copy, { recursive: true, filter: (path) => !path.endsWith('lock') });
  const fresh = await servingWorker(await startWorker(t, copy), swaps);
  let seen = 0;
  // Garbage is collected once answers on their way have ended.
  await until(
    'its memory is that of a new worker',
    async () => {
      seen = (await residentOf(old)) / (await residentOf(fresh));
      return seen <= ratioMax;
    },
    20_000,
  ).catch(() => undefined);
  t.log(`${seen.toFixed(2)} × of ${Math.round((await residentOf(fresh)) / 1e6)} MB`);
  t.true(seen <= ratioMax);
});

test('replaced segments are collected when they are a fifth of the catalogue, and in one go', async (t) => {
  let collected = 0;
  let settle = Promise.withResolvers<void>();
  const reclaim = createReclaim(
    () => collected++,
    () => settle.promise,
  );
  const serve = (...names: string[]): void =>
    reclaim.served({
      segments: names.map((hash, minStart) => ({ hash, bytes: 30e6, minStart })) as unknown as SegmentEntry[],
    });
  const settled = async (): Promise<void> => {
    settle.resolve();
    await settle.promise;
    settle = Promise.withResolvers();
    await Promise.resolve();
  };
  const rest = ['b', 'c', 'd', 'e', 'f', 'g'];
  serve('a', ...rest);
  await settled();
  t.is(collected, 0, 'the first catalogue replaces nothing');
  serve('a1', ...rest);
  await settled();
  t.is(collected, 0, 'one of seven is too little');
  serve('a2', ...rest);
  serve('a3', ...rest);
  t.is(collected, 0, 'answers may still refer to them');
  await settled();
  t.is(collected, 1);
  serve('a4', ...rest);
  await settled();
  t.is(collected, 1, 'what was collected no longer counts');
});
