// Which versions are kept, for catalogues of any size.

import test from 'ava';
import type { Manifest } from '#/snapshot/manifest.ts';
import { createRetention, manifestsKept } from '#/store/retention.ts';
import { seededFor } from '../_support/random.ts';

/** A version of these segments, with this many bytes each. */
function manifestOf(version: number, bytes: number, names: readonly string[]): Manifest {
  const segments = names.map((hash, i) => {
    const start = i * 1000;
    return {
      key: '2021',
      hash,
      events: 1,
      bytes,
      minStart: start,
      maxStart: start,
      minEnd: start,
      maxEnd: start,
    };
  });
  return { version, segments };
}

interface Stage {
  readonly read: number[];
  choose(
    pinned?: number | null,
  ): Promise<{ versions: readonly number[]; names: number; unread: readonly number[] }>;
}

function stage(manifests: readonly Manifest[]): Stage {
  const read: number[] = [];
  const keeper = createRetention((version) => {
    read.push(version);
    const found = manifests.find((manifest) => manifest.version === version);
    return found === undefined ? Promise.reject(new Error('rotten')) : Promise.resolve(found);
  });
  return {
    read,
    async choose(pinned = null) {
      const versions = Array.from({ length: 40 }, (_, i) => 40 - i);
      const { named, ...kept } = await keeper.choose(versions, pinned);
      return { ...kept, names: named.size };
    },
  };
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: from - to + 1 }, (_, i) => from - i);
const forty = (of: (version: number) => Manifest): Manifest[] => range(40, 1).map(of);

test('of a small catalogue, the newest sixteen versions are kept, however much they differ', async (t) => {
  const { choose } = stage(forty((version) => manifestOf(version, 1e6, [`${version}-a`, `${version}-b`])));
  t.deepEqual(await choose(), { versions: range(40, 25), names: 32, unread: [] });
});

test('of a large catalogue with small changes, the newest sixteen versions are kept', async (t) => {
  const { choose } = stage(
    forty((version) =>
      manifestOf(version, 1e6, ['a', 'b', 'c', ...range(300, 1).map(String), `${version}!`]),
    ),
  );
  const { versions } = await choose();
  t.deepEqual(versions, range(40, 25));
});

test('of a large catalogue that changes completely each time, the kept versions take at most twice the newest', async (t) => {
  const { choose } = stage(forty((version) => manifestOf(version, 100e6, [`${version}-a`, `${version}-b`])));
  t.deepEqual(await choose(), { versions: range(40, 37), names: 8, unread: [] }, '40, 39 and two more');
});

test('a pinned version is kept with its segments, however old it is', async (t) => {
  const { choose } = stage(forty((version) => manifestOf(version, 100e6, [`${version}-a`, `${version}-b`])));
  t.deepEqual(await choose(3), { versions: [...range(40, 37), 3], names: 10, unread: [] });
  t.deepEqual(await choose(36), { versions: range(40, 36), names: 10, unread: [] });
});

test('each manifest is read once; one that cannot be read is reported and tried again', async (t) => {
  const { choose, read } = stage(
    forty((version) => manifestOf(version, 1000, [`${version}`])).filter(({ version }) => version !== 38),
  );
  t.deepEqual((await choose()).unread, [38]);
  t.is(read.length, manifestsKept);
  const again = await choose();
  t.deepEqual(read.slice(manifestsKept), [38]);
  t.is(again.names, manifestsKept - 1);
  t.deepEqual(again.versions, range(40, 25), 'its number is kept: it may be mended');
});

test('versions that are to go are not kept, but for the newest and the pinned one', async (t) => {
  const manifests = Array.from({ length: 6 }, (_, i) => manifestOf(i + 1, 10, [`s${i + 1}`]));
  const retention = createRetention((version) => Promise.resolve(manifests[version - 1]!));
  const { versions, named } = await retention.choose([6, 5, 4, 3, 2, 1], 3, new Set([6, 5, 3, 2]));
  t.deepEqual(versions, [6, 4, 3, 1]);
  t.deepEqual([...named].toSorted(), ['s1', 's3', 's4', 's6']);
});

/** As the rules say, without a memory of what was compared before. */
function chosenSlowly(given: readonly Manifest[], pinned: number | null, dropped: ReadonlySet<number>) {
  const [versions, named] = [[] as number[], new Set<string>()];
  let [older, most] = [0, Infinity];
  const all = given.filter(({ version }, age) => age === 0 || version === pinned || !dropped.has(version));
  for (const [age, { version, segments }] of all.entries()) {
    const isOld = age >= manifestsKept || older > most;
    if (isOld && version !== pinned) continue;
    const own = segments.filter(({ hash }) => !named.has(hash));
    const bytes = own.reduce((sum, one) => sum + one.bytes, 0);
    if (!isOld && age >= 2) {
      older += bytes;
      if (older > most && version !== pinned) continue;
    }
    versions.push(version);
    for (const { hash } of own) named.add(hash);
    if (age === 0) most = Math.max(128_000_000, 2 * bytes);
  }
  return { versions, named };
}

test('a process that publishes and never chooses remembers the newest versions only', async (t) => {
  const manifests = forty((version) => manifestOf(version, 1000, [`${version}`]));
  const read: number[] = [];
  const retention = createRetention((version) => {
    read.push(version);
    return Promise.resolve(manifests.find((one) => one.version === version)!);
  });
  for (const manifest of manifests.toReversed()) retention.remember(manifest);
  await retention.choose(range(40, 1), 3);
  t.deepEqual(read, [3]);
});

test('a choice after each of many versions is the one that the rules give', async (t) => {
  const random = seededFor(t);
  for (let round = 0; round < 20; round++) {
    const bytes = random.pick([1000, 20e6]);
    let names = Array.from({ length: random.int(1, 20) }, (_, i) => `s${i}`);
    const all: Manifest[] = [];
    const retention = createRetention((version) => Promise.resolve(all.at(-version)!));
    let pinned: number | null = null;
    for (let version = 1; version <= 40; version++) {
      // Some names come back: a price is as it was before.
      names = names.map((name, i) => (random.chance(0.2) ? `s${i}-${random.int(0, 5)}` : name));
      if (random.chance(0.1)) names = names.slice(1);
      if (random.chance(0.1)) names = [...names, `n${version}`];
      all.unshift(manifestOf(version, bytes, names));
      if (random.chance(0.8)) retention.remember(all[0]!);
      // A pin stays for some versions, while others next to it go.
      if (random.chance(0.2)) pinned = random.chance(0.7) ? random.int(1, version) : null;
      const dropped = new Set(all.map((one) => one.version).filter(() => random.chance(0.2)));
      const seen = await retention.choose(
        all.map((one) => one.version),
        pinned,
        dropped,
      );
      const expected = chosenSlowly(all, pinned, dropped);
      t.deepEqual(seen.versions, expected.versions);
      t.deepEqual([...seen.named].toSorted(), [...expected.named].toSorted());
    }
  }
});
