// A first load of a SQLite archive that continues after what needs indexes.

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import test, { type ExecutionContext } from 'ava';
import { openArchive, type Archive } from '#/archive/archive.ts';
import { FencedOff } from '#/archive/leader.ts';
import { createOffsets } from '#/kit/offsets.ts';
import { archiveAt } from '../_support/archive.ts';
import { directoryFor } from '../_support/directory.ts';
import { titlesIn } from '../_support/events-in.ts';
import { all, dropped, indexesOf, refusing, runEnd, withDays } from './_indexes.ts';
import { beginRun, freely, recordOf } from './_observed.ts';

const pathFor = async (t: ExecutionContext): Promise<string> => join(await directoryFor(t), 'archive.sqlite');

/** Absorbs an event of each base. */
const load = async (archive: Archive, ...bases: readonly string[]) =>
  archive.absorb(
    await beginRun(archive),
    bases.map((base) => recordOf(base, [{ title: base }])),
  );

const pause = (archive: Archive): Promise<unknown> => archive.unknownEvents([]);
const version = (archive: Archive): Promise<void> => archive.frozen(() => Promise.resolve());

test('the end of a run does not interrupt the first load of another provider, and the last one ends it', async (t) => {
  const path = await pathFor(t);
  const archive = await archiveAt(path);
  const [large, small, failed] = [
    await beginRun(archive, 1, 'large'),
    await beginRun(archive, 2, 'small'),
    await beginRun(archive, 3, 'failed'),
  ];
  const one = (of: string, base: string) => [recordOf(base, [{ provider: of }])];
  await archive.absorb(large, one('large', 'a'));
  await archive.absorb(small, one('small', 'a'));
  t.deepEqual(indexesOf(path), dropped);
  await archive.endRun(failed.id, { ...runEnd, outcome: 'failed' });
  t.deepEqual(indexesOf(path), dropped, 'it needs no index');
  await archive.withdrawUnseen({ ...small, seen: createOffsets() }, 1, freely);
  t.deepEqual(indexesOf(path), all, 'it has not met a record');
  await archive.endRun(small.id, runEnd);
  await archive.maintain();
  await archive.absorb(large, one('large', 'b'));
  t.deepEqual(indexesOf(path), dropped);
  // Two runs of one provider: the first was left when the archive failed.
  await beginRun(archive, 4, 'small');
  await archive.endRun((await beginRun(archive, 5, 'small')).id, runEnd);
  await archive.maintain();
  t.deepEqual(indexesOf(path), dropped);
  await archive.endRun(large.id, runEnd);
  t.deepEqual(indexesOf(path), dropped, 'nobody waits for it');
  for (const name of ['small', 'large']) await beginRun(archive, 6, name);
  await archive.maintain();
  t.deepEqual(indexesOf(path), all);
  await archive.absorb(large, one('large', 'c'));
  t.deepEqual(indexesOf(path), all);
  await archive.close();
});

test('a first load goes on in the next run of a feed that was not read to its end', async (t) => {
  for (const outcome of ['failed', 'incomplete', 'absorbed'] as const) {
    const path = join(await directoryFor(t), 'archive.sqlite');
    const archive = await archiveAt(path);
    const first = await beginRun(archive, 1);
    if (outcome !== 'failed') await archive.absorb(first, [recordOf('a', [{}])]);
    await archive.endRun(first.id, { ...runEnd, outcome });
    const run = await beginRun(archive, 2);
    await archive.absorb(run, [recordOf('b', [{}])]);
    await version(archive);
    await archive.maintain();
    await archive.absorb(run, [recordOf('c', [{}])]);
    t.deepEqual(indexesOf(path), outcome === 'absorbed' ? all : dropped, outcome);
    await archive.endRun(run.id, runEnd);
    await archive.maintain();
    t.deepEqual(indexesOf(path), all, outcome);
    await archive.close();
  }
});

test('a first load continues while its pauses cost little', async (t) => {
  const path = await pathFor(t);
  const archive = await archiveAt(path);
  /** Pauses until no batch of new events drops the indexes again, or 30 times. */
  const pausesOf = async (name: string): Promise<number> => {
    for (let pauses = 1; pauses <= 30; pauses++) {
      t.deepEqual(indexesOf(path), dropped);
      await pause(archive);
      await pause(archive);
      t.deepEqual(indexesOf(path), all);
      await load(archive, `${name} ${pauses}`);
      if (indexesOf(path).length === all.length) return pauses;
    }
    return 30;
  };
  await load(archive, 'a');
  t.is(await pausesOf('small'), 30);
  const plans = Array.from({ length: 15_000 }, (_, i) => ({ planId: String(i) }));
  await archive.absorb(await beginRun(archive), [recordOf('large', plans)]);
  await pause(archive);
  for (let again = 1; again <= 10; again++)
    await archive.absorb(await beginRun(archive, 2000), [recordOf('a', [{ title: `a ${again}` }])]);
  await load(archive, 'b');
  // 15,000 and a few are indexed each time, up to 2 × 15,000 + 20,000; batches with known keys cost nothing.
  t.is(await pausesOf('large'), 3);
  t.is((await archive.absorb(await beginRun(archive, 2000), [recordOf('large', plans)])).added, 0);
  t.is((await titlesIn(archive)).length, 15_000 + 2 + 30 + 3);
  await archive.close();
});

test('versions cost a first load a quarter of what other pauses do', async (t) => {
  const path = await pathFor(t);
  const archive = await archiveAt(path);
  const plans = Array.from({ length: 15_000 }, (_, i) => ({ planId: String(i) }));
  await archive.absorb(await beginRun(archive), [recordOf('large', plans)]);
  let versions = 0;
  do {
    await load(archive, `${versions}`);
    t.deepEqual(indexesOf(path), dropped);
    await version(archive);
    await version(archive);
  } while (indexesOf(path).length < all.length && ++versions < 50);
  // Each time a quarter of 15,000 and a few, up to 2 × 15,000 + 20,000.
  t.is(versions, 13);
  await load(archive, 'last');
  t.deepEqual(indexesOf(path), all);
  await archive.close();
});

test('a key that is repeated does not end a first load, and what came in a pause is known afterwards', async (t) => {
  const path = await pathFor(t);
  const archive = await archiveAt(path);
  await load(archive, 'a');
  const twice = [recordOf('b', [{ title: 'b' }]), recordOf('b', [{ title: 'b again' }])];
  t.is((await archive.absorb(await beginRun(archive), twice)).added, 1);
  t.deepEqual(indexesOf(path), all);
  await load(archive, 'c');
  t.deepEqual(indexesOf(path), dropped);
  await pause(archive);
  // A feed that is read again.
  for (const title of ['a 2', 'a 3']) {
    const again = [recordOf('a', [{ title }]), recordOf(`with ${title}`, [{ title: `with ${title}` }])];
    const { added, changed } = await archive.absorb(await beginRun(archive, 2000), again);
    t.deepEqual([added, changed], [1, 1]);
    t.deepEqual(indexesOf(path), all, 'a batch with a known key does not drop them');
  }
  await load(archive, 'd');
  t.deepEqual(indexesOf(path), dropped);
  // Events of batches that were absorbed with the indexes, under another key: nothing but the event tells that it is known.
  for (const base of ['with a 2', 'b']) {
    const moved = [recordOf(base, [{ title: `${base} moved` }], 'hash', `other ${base}`)];
    const { added, changed } = await archive.absorb(await beginRun(archive, 3000), moved);
    t.deepEqual([added, changed], [0, 1], base);
    t.deepEqual(indexesOf(path), all);
    await load(archive, `after ${base}`);
    t.deepEqual(indexesOf(path), dropped);
  }
  const titles = ['a 3', 'after b', 'after with a 2', 'b moved', 'c', 'd', 'with a 2 moved', 'with a 3'];
  t.deepEqual((await titlesIn(archive)).toSorted(), titles);
  await archive.close();
});

test('a batch that continues a first load and is rolled back leaves the indexes, and the next one is complete', async (t) => {
  const path = await pathFor(t);
  const archive = await archiveAt(path);
  await load(archive, 'a');
  await pause(archive);
  const other = new DatabaseSync(path);
  const isRefused = (...bases: readonly string[]) =>
    refusing(other, 'insert on dirty_day', () =>
      t.throwsAsync(load(archive, ...bases), { message: /refused/ }),
    );
  // 1. It had dropped them
  await isRefused('b', 'c');
  t.deepEqual(indexesOf(path), all);
  t.is((await load(archive, 'b', 'c')).added, 2);
  await load(archive, 'd');
  t.deepEqual(indexesOf(path), dropped);
  // 2. It had dropped them, and built them again for an event that it has twice
  await pause(archive);
  await isRefused('e', 'e');
  t.deepEqual(indexesOf(path), all);
  await load(archive, 'f');
  t.deepEqual(indexesOf(path), dropped);
  // 3. It had built them
  await isRefused('g', 'g');
  t.deepEqual(indexesOf(path), dropped);
  await load(archive, 'h');
  t.deepEqual(indexesOf(path), dropped);
  t.is((await load(archive, 'e', 'g')).added, 2);
  other.close();
  t.deepEqual((await titlesIn(archive)).toSorted(), ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']);
  await archive.close();
});

test('a batch that comes between a pause and its reader leaves the indexes there', async (t) => {
  const path = await pathFor(t);
  const archive = await archiveAt(path);
  await load(archive, 'a');
  for (const isPaused of [true, false]) {
    if (isPaused) await pause(archive);
    const runs = [await beginRun(archive, 2000), await beginRun(archive, 2000)] as const;
    const name = (n: number): string => `${isPaused} ${n}`;
    const needed = isPaused ? all : withDays;
    const seen = archive.frozen(() => Promise.resolve(indexesOf(path)));
    await Promise.all([
      archive.absorb(runs[0], [recordOf(name(0), [{}])]),
      archive.frozen(() => Promise.resolve(t.deepEqual(indexesOf(path), needed))),
      archive.absorb(runs[1], [recordOf(name(1), [{}])]),
    ]);
    t.deepEqual(await seen, needed);
    await load(archive, name(2));
    t.deepEqual(indexesOf(path), dropped);
  }
  t.is((await titlesIn(archive)).length, 7);
  await archive.close();
});

test('a leader that was replaced in a pause has no part in the first load afterwards', async (t) => {
  const path = await pathFor(t);
  const [here, there] = [await archiveAt(path), await archiveAt(path)];
  await here.lead(1);
  await load(here, 'a');
  await pause(here);
  await there.lead(2);
  await load(there, 'b');
  await t.throwsAsync(load(here, 'c'), { instanceOf: FencedOff });
  t.deepEqual(indexesOf(path), all);
  await here.lead(3);
  await load(here, 'd');
  t.deepEqual(indexesOf(path), all);
  t.is((await here.absorb(await beginRun(here, 2000), [recordOf('b', [{ title: 'c' }])])).changed, 1);
  t.deepEqual((await titlesIn(here)).toSorted(), ['a', 'c', 'd']);
  await here.close();
  await there.close();
});

test('the thread of an archive pauses and ends a first load', async (t) => {
  const path = await pathFor(t);
  const archive = await openArchive(`sqlite:${path}`);
  await load(archive, 'a');
  await pause(archive);
  await load(archive, 'b');
  t.deepEqual(indexesOf(path), dropped);
  await archive.endRun((await beginRun(archive)).id, runEnd);
  await archive.maintain();
  t.deepEqual(indexesOf(path), all);
  await load(archive, 'c');
  t.is((await load(archive, 'a', 'd')).added, 1);
  t.deepEqual(indexesOf(path), all);
  t.deepEqual((await titlesIn(archive)).toSorted(), ['a', 'b', 'c', 'd']);
  await archive.close();
});
