// The differences between versions, compared with a slower truth: random catalogues in a directory and in Redis.

import { join } from 'node:path';
import anyTest, { type ExecutionContext, type TestFn } from 'ava';
import { main } from '#/commands/snapshots-diff.ts';
import type { DetailedEvent } from '#/domain/event.ts';
import { compareVersions, type Side } from '#/store/diff/compare.ts';
import { cursorIn, pageOf, type DiffPage } from '#/store/diff/page.ts';
import { openLocalStore } from '#/store/local.ts';
import type { SnapshotStore } from '#/store/store.ts';
import { endingOf } from '../_servers/ending.ts';
import { redisIsHere, startRedis, type RedisServer } from '../_servers/redis.ts';
import { publishAll, randomEvents } from '../_support/catalogue.ts';
import { directoryFor } from '../_support/directory.ts';
import { seededFor, type Random } from '../_support/random.ts';
import { hostFor, ownPrefix } from './_snapshots.ts';

const test = anyTest as TestFn;
const ending = endingOf(test);

let redis: RedisServer;
test.before(async () => {
  if (redisIsHere) redis = await startRedis(ending);
});

const dayMs = 86_400_000;
const shape = { events: 400, from: Date.UTC(2026, 0, 1), to: Date.UTC(2026, 2, 1) };
/** Small segments: most of them do not change. */
const eventsMax = 40;

/** Some of the events with another value each, without some, and with some others. */
function changed(random: Random, events: readonly DetailedEvent[]): DetailedEvent[] {
  const kept = events.filter(() => !random.chance(0.02));
  const others = randomEvents(random, { ...shape, events: random.int(0, 10) });
  return [...kept, ...others].map((event): DetailedEvent => {
    if (!random.chance(0.05)) return event;
    return random.pick([
      { ...event, title: `${event.title}!` },
      { ...event, minPrice: 1, maxPrice: 2 },
      { ...event, capacity: 77 },
      { ...event, listed: !event.listed },
      { ...event, status: event.status === 'cancelled' ? 'postponed' : 'cancelled' },
      { ...event, provider: 'another' },
      // To another segment, or to the events that run for long.
      { ...event, start: event.start - 40 * dayMs, end: event.end - 40 * dayMs },
      { ...event, end: event.end + 30 * dayMs },
    ]);
  });
}

const isSame = (a: DetailedEvent, b: DetailedEvent): boolean => JSON.stringify(a) === JSON.stringify(b);

/** All pages of a comparison, and how many rows each had. */
async function walk(from: Side, to: Side, limit: number): Promise<DiffPage & { readonly pages: number }> {
  const comparison = await compareVersions(from, to);
  const all = { added: [] as object[], changed: [] as object[], removed: [] as object[] };
  for (let cursor: string | null = null, pages = 1; ; pages++) {
    const page: DiffPage = await pageOf(comparison, cursorIn(cursor, comparison)!, limit);
    for (const kind of ['added', 'changed', 'removed'] as const) all[kind].push(...page[kind]);
    cursor = page.next_cursor;
    if (cursor === null) return { ...page, ...all, pages } as DiffPage & { readonly pages: number };
  }
}

const sideOf = async (store: SnapshotStore, version: number): Promise<Side> => ({
  store,
  manifest: await store.retrieveManifest(version),
});

/** Runs the command in this process, and returns what it prints. */
async function command(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const seen = { out: '', err: '' };
  const [out, err] = [process.stdout.write, process.stderr.write];
  process.stdout.write = (text) => Boolean((seen.out += String(text)));
  process.stderr.write = (text) => Boolean((seen.err += String(text)));
  try {
    return { code: await main(args), ...seen };
  } finally {
    [process.stdout.write, process.stderr.write] = [out, err];
  }
}

async function checkAgainstTruth(
  t: ExecutionContext,
  here: SnapshotStore,
  there: SnapshotStore,
): Promise<void> {
  const random = seededFor(t);
  for (let round = 1; round <= 10; round++) {
    const before = randomEvents(random, shape);
    const after = changed(random, before);
    const [a, b] = [2 * round - 1, 2 * round];
    await publishAll(here, a, before, eventsMax);
    await publishAll(there, b, after, eventsMax);
    const [from, to] = [await sideOf(here, a), await sideOf(there, b)];
    const seen = await walk(from, to, random.int(1, 50));

    const old = new Map(before.map((event) => [event.id, event]));
    const now = new Map(after.map((event) => [event.id, event]));
    const idsOf = (list: readonly object[]): unknown[] =>
      list.map((event) => (event as { readonly id: unknown }).id).toSorted();
    t.deepEqual(idsOf(seen.added), [...now.keys()].filter((id) => !old.has(id)).toSorted());
    t.deepEqual(idsOf(seen.removed), [...old.keys()].filter((id) => !now.has(id)).toSorted());
    const differ = after
      .filter(({ id }) => old.has(id))
      .filter((event) => !isSame(event, old.get(event.id)!));
    t.deepEqual(idsOf(seen.changed.map((pair) => pair.after)), differ.map(({ id }) => id).toSorted());
    for (const { before: one, after: other, fields } of seen.changed) {
      t.is(one['id'], other['id']);
      t.true(fields.length > 0 && fields.every((name) => one[name] !== other[name]));
      t.is(other['base_id'], now.get(String(other['id']))!.baseId);
      t.is(other['plan_id'], now.get(String(other['id']))!.planId);
    }
    t.deepEqual(seen.counts, {
      added: seen.added.length,
      changed: seen.changed.length,
      removed: seen.removed.length,
    });
    const read = (await compareVersions(from, to)).read.segments;
    const hashes = [from, to].map(({ manifest }) => new Set(manifest.segments.map(({ hash }) => hash)));
    t.is(read, hashes[0]!.symmetricDifference(hashes[1]!).size, 'segments that both have are not read');
  }
}

test('the events that were added, changed and removed are those of a comparison by hand', async (t) => {
  const store = await openLocalStore(await directoryFor(t));
  await checkAgainstTruth(t, store, store);
});

(redisIsHere ? test : test.skip)(
  'the versions of two stores are compared, a directory and Redis',
  async (t) => {
    const there = await hostFor(t, redis.url, { prefix: ownPrefix() });
    await there.lead();
    await checkAgainstTruth(t, await openLocalStore(await directoryFor(t)), there.store);
  },
);

test('a version is compared with itself without reading a segment', async (t) => {
  const store = await openLocalStore(await directoryFor(t));
  const manifest = await publishAll(store, 1, randomEvents(seededFor(t), shape), eventsMax);
  const unread = {
    store: { retrieveSegment: () => Promise.reject(new Error('A segment was read.')) },
    manifest,
  };
  const { added, changed: none, removed, read } = await compareVersions(unread, unread);
  t.deepEqual([added, none, removed, read], [[], [], [], { segments: 0, bytes: 0 }]);
});

test.serial('the command compares two directories, and names what it cannot read', async (t) => {
  const [one, other] = [await directoryFor(t), await directoryFor(t)];
  const events = randomEvents(seededFor(t), { ...shape, events: 30 });
  const [first, ...rest] = events as [DetailedEvent, ...DetailedEvent[]];
  await publishAll(await openLocalStore(join(one, 'snapshots')), 1, events, eventsMax);
  const store = await openLocalStore(other);
  await publishAll(store, 3, events, eventsMax);
  await publishAll(store, 4, [{ ...first, title: '\u001B[2J' }, ...rest.slice(1)], eventsMax);
  const same = await command(one, `${other}@3`);
  t.deepEqual([same.code, same.out], [0, `${one}@1 to ${other}@3: 0 added, 0 changed, 0 removed\n`]);
  const differ = await command(one, other);
  t.is(differ.code, 1);
  const lines = differ.out.trim().split('\n');
  t.is(lines[0], `${one}@1 to ${other}@4: 0 added, 1 changed, 1 removed`);
  t.true(lines[1]!.startsWith(`~ ${first.id} `) && lines[1]!.includes(String.raw`to "\u001b[2J"`), lines[1]);
  t.true(lines[2]!.startsWith(`- ${rest[0]!.id} `));
  const parsed = JSON.parse((await command('--json', one, other)).out) as DiffPage;
  t.deepEqual(parsed.changed[0]!.fields, ['title']);
  for (const [args, code, message] of [
    [[one], 64, /Got 1 stores, expected two\./],
    [[one, join(one, 'nothing')], 64, /expected a directory with snapshots, or a Redis URL/],
    [[one, other, '--limit', '0'], 64, /Got --limit 0, expected/],
    [[one, `${other}@9`], 2, /Version 9 of .* cannot be read/],
    [[one, 'redis://127.0.0.1:1'], 2, /did not answer within/],
  ] as const) {
    const failed = await command(...args);
    t.is(failed.code, code, failed.err);
    t.regex(failed.err, message);
  }
});
