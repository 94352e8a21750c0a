// What a worker reads for a new version: the segments that it does not have, and no others.

import test from 'ava';
import { createRefresher } from '#/api/refresh.ts';
import type { Manifest } from '#/snapshot/manifest.ts';
import { buildAll, randomEvents } from '../_support/catalogue.ts';
import { seededFor } from '../_support/random.ts';

const span = { from: Date.UTC(2021, 0, 1), to: Date.UTC(2021, 11, 31) };

test('a refresh reads what the view before does not have, and serves what the manifest says', async (t) => {
  const random = seededFor(t);
  // Days of one catalogue, each in two states.
  const states = [buildAll(randomEvents(random, { events: 60, ...span }), 1)];
  states.push(buildAll(randomEvents(random, { events: 200, ...span }), 1));
  const built = new Map(states.flat().map(({ entry, bytes }) => [entry.hash, bytes]));
  const read: string[] = [];
  let manifest: Manifest = { version: 1, segments: [] };
  const refresher = createRefresher({
    store: {
      target: () => Promise.resolve({ version: manifest.version, pinned: false }),
      retrieveManifest: () => Promise.resolve(manifest),
      retrieveSegment(hash) {
        read.push(hash);
        return Promise.resolve(built.get(hash)!.slice());
      },
    },
    swapped: () => undefined,
    refused: (_version, reason) => t.fail(reason),
  });
  for (let version = 1; version <= 100; version++) {
    // By their days, so that the first, the last and those in between come, go and change.
    const days = new Map(states[0]!.map(({ entry }) => [entry.key, entry]));
    for (const { entry } of states[1]!)
      if (random.chance(0.5) || !days.has(entry.key)) days.set(entry.key, entry);
    const segments = [...days.values()]
      .filter(() => random.chance(0.7))
      .toSorted((a, b) => a.minStart - b.minStart);
    const before = refresher.view;
    manifest = { version, segments };
    read.length = 0;
    t.true(await refresher.refresh());
    const { view } = refresher;
    t.deepEqual(
      read.toSorted(),
      segments.flatMap(({ hash }) => (before.byHash.has(hash) ? [] : [hash])).toSorted(),
    );
    t.deepEqual([view.version, view.hashes], [version, segments.map(({ hash }) => hash)]);
    t.deepEqual(
      [...view.byHash],
      view.hashes.map((hash, i) => [hash, view.segments[i]]),
    );
    for (const [hash, segment] of view.byHash) t.is(segment, before.byHash.get(hash) ?? segment);
    t.is(
      view.events,
      segments.reduce((sum, { events }) => sum + events, 0),
    );
  }
});
