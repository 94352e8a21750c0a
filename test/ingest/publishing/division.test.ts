import test from 'ava';
import { createDivision } from '#/ingest/publishing/division.ts';
import { partition } from '#/snapshot/partition.ts';
import { seededFor } from '../../_support/random.ts';

/** Days without events are absent, as in the archive. */
const present = (counts: ReadonlyMap<number, number>, days: readonly number[] = [...counts.keys()]) =>
  Promise.resolve(
    new Map(days.flatMap((day): [number, number][] => (counts.get(day) ? [[day, counts.get(day)!]] : []))),
  );

test('the division is that of all counts, whatever moves', async (t) => {
  const random = seededFor(t);
  const counts = new Map<number, number>();
  const division = createDivision();
  for (let round = 0; round < 200; round++) {
    const days = Array.from({ length: random.int(0, 4) }, () => 18_600 + random.int(0, 800));
    for (const day of days) if (random.chance(0.6)) counts.set(day, random.pick([0, 1, 30, 400, 5000]));
    const dirty = [...new Set(days)];
    const slices = await division.now({ dayCounts: (asked) => present(counts, asked && [...asked]) }, dirty);
    t.deepEqual(slices, partition(counts));
  }
});

test('a change that moves no event keeps the division', async (t) => {
  const counts = new Map([
    [18_600, 3],
    [19_000, 4],
  ]);
  const division = createDivision();
  const asked: (readonly number[] | undefined)[] = [];
  const catalogue = {
    dayCounts(days?: readonly number[]) {
      asked.push(days);
      return present(counts, days && [...days]);
    },
  };
  const first = await division.now(catalogue, [18_600]);
  t.is(await division.now(catalogue, [19_000]), first);
  t.deepEqual(asked, [undefined, [19_000]]);
});
