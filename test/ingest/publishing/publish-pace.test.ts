// How often a run that is not over is published in between, what becomes of those versions, and which poll caused a publish.

import test from 'ava';
import { createPublishCauses } from '#/ingest/publishing/publish-causes.ts';
import { createPublishPace } from '#/ingest/publishing/publish-pace.ts';
import { createInterimVersions } from '#/ingest/publishing/interim-versions.ts';
import type { SnapshotStore } from '#/store/store.ts';
import { randomOf } from '../../_support/random.ts';

const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));

test('the snapshots in between of a first load cost at most 1.3 times the last, and 0.7 times on average', (t) => {
  t.log(`SEED=${seed}`);
  const random = randomOf(seed);
  const shares: number[] = [];
  for (let load = 0; load < 300; load++) {
    let now = 0;
    const pace = createPublishPace(() => now);
    const size = 10 ** (5 + 2 * random.fraction());
    const perSecond = random.int(2000, 40_000);
    const batch = 8000;
    let built = 0;
    for (let there = batch; there < size; there += batch) {
      now += (batch / perSecond) * 1000;
      if (!pace.absorbed(batch, null)) continue;
      t.true(pace.begin());
      built += there;
      // As long as it takes to build them.
      const tookMs = there / 50;
      now += tookMs;
      pace.published(there, tookMs, true);
    }
    shares.push(built / size);
  }
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  t.log(`at most ${Math.max(...shares).toFixed(2)}, ${mean.toFixed(2)} on average`);
  t.true(Math.max(...shares) < 1.3);
  t.true(mean < 0.7);
  t.true(mean > 0.1, 'a load is seen before its end');
});

test('a version of a running run is the newest one for eight times as long as its publish took', (t) => {
  t.log(`SEED=${seed}`);
  const random = randomOf(seed);
  let inBetween = 0;
  for (let load = 0; load < 300; load++) {
    let now = 0;
    const pace = createPublishPace(() => now);
    const size = 10 ** (5 + 2 * random.fraction());
    const perSecond = random.int(2000, 40_000);
    const msPerEvent = random.fraction() / 20;
    let isFirst = true;
    const batch = 8000;
    for (let there = batch; there < size; there += batch) {
      now += (batch / perSecond) * 1000;
      const remainingMs = ((size - there) / perSecond) * 1000;
      if (!pace.absorbed(batch, remainingMs)) continue;
      t.true(pace.begin());
      const tookMs = there * msPerEvent;
      // How long the first publish takes is not known before.
      const expectedMs = isFirst ? there / 20 : tookMs;
      if (!isFirst) inBetween++;
      isFirst = false;
      t.true(remainingMs >= Math.max(5000, 8 * expectedMs - 1), `${there} of ${size}`);
      pace.published(there, tookMs, true);
    }
  }
  t.true(inBetween > 100, `${inBetween} versions`);
});

test('a few events of a run are published within seconds, and the publish at the end of a run does not count', (t) => {
  let now = 0;
  const pace = createPublishPace(() => now);
  now = 1;
  t.true(pace.absorbed(10, null));
  t.false(pace.absorbed(10, null), 'while that is being published');
  t.true(pace.begin());
  pace.published(10, 100, true);
  now += 4900;
  t.false(pace.absorbed(100, null));
  now += 200;
  t.true(pace.absorbed(1, null));
  pace.runEnded();
  t.false(pace.begin(), 'the run has ended before it began');
  pace.published(1_000_000, 100, false);
  now += 5001;
  t.true(pace.absorbed(1, null), 'the next run owes nothing');
});

/** A store that only notes which versions `prune` drops. */
function pruningStore(): { store: SnapshotStore; pruned: number[][] } {
  const pruned: number[][] = [];
  const prune = (dropped: ReadonlySet<number> = new Set()): Promise<void> =>
    Promise.resolve(void pruned.push([...dropped]));
  return { store: { prune } as unknown as SnapshotStore, pruned };
}

test('versions that show a part of a run are let go of once no worker is on its way to them', async (t) => {
  let now = 0;
  const { store, pruned } = pruningStore();
  const interim = createInterimVersions(store, () => now);
  interim.published(1, false);
  for (const version of [2, 3]) {
    await interim.store.prune();
    interim.published(version, true);
  }
  await interim.store.prune();
  interim.published(4, false);
  t.deepEqual(pruned, [[], [], [2]], 'the last but one stays at first');
  await interim.remove();
  t.is(pruned.length, 3);
  now += 30_000;
  await interim.remove();
  now += 65_000;
  await interim.remove();
  t.deepEqual(pruned.slice(3), [
    [2, 3],
    [2, 3],
  ]);
  now += 1e6;
  await interim.remove();
  t.is(pruned.length, 5, 'and then there is nothing to do');
});

test('an interim version that turns out to be the end of its run is kept', async (t) => {
  let now = 0;
  const { store, pruned } = pruningStore();
  const interim = createInterimVersions(store, () => now);
  interim.published(1, true);
  interim.published(2, true);
  interim.completed(2);
  interim.published(3, false);
  now += 30_000;
  await interim.remove();
  t.deepEqual(pruned, [[1]]);
});

test('the cause of a publish is the earliest poll whose changes no version has, also after a failed publish', (t) => {
  const causes = createPublishCauses();
  const of = (polledAt: number) => ({ polledAt, traceparent: null });
  causes.take();
  t.is(causes.taken, null, 'segments were only rebuilt');
  causes.add(of(20));
  causes.add(of(10));
  causes.take();
  causes.add(of(5));
  t.deepEqual(causes.taken, of(10), 'what is committed during the publish waits');
  // The publish failed.
  causes.take();
  t.deepEqual(causes.taken, of(5));
  causes.done();
  causes.take();
  t.is(causes.taken, null);
});
