// How much memory the versions take that only cursors need, against a count of all segments by hand.

import test from 'ava';
import { createEditions } from '#/api/editions.ts';
import { createView, replacedSegments, type View } from '#/search/view.ts';
import { decodeSegment, type Segment } from '#/snapshot/segment.ts';
import { buildAll, randomEvents } from '../_support/catalogue.ts';
import { randomOf, seededFor, type Random } from '../_support/random.ts';

const span = { from: Date.UTC(2021, 0, 1), to: Date.UTC(2021, 11, 31) };
const gone = (): Promise<never> => Promise.reject(new Error('It is not there.'));
const bytesIn = ({ brief }: Segment): number => brief.text.buffer.byteLength;

const built = buildAll(randomEvents(randomOf(7), { events: 60, ...span }), 1);
const decoded = (): [string, Segment][] =>
  built.map(({ entry, bytes }) => [entry.hash, decodeSegment(bytes.slice())]);

/** The next version of a view: some of its segments are replaced, some gone, some there again. */
function nextOf(random: Random, view: View): View {
  const known = new Map(
    [...view.byHash].map(([hash, segment]) => [hash.slice(-64), [hash, segment] as const]),
  );
  const segments = decoded().flatMap(([hash, fresh]): [string, Segment][] => {
    if (random.chance(0.1)) return [];
    const old = known.get(hash);
    if (old !== undefined && random.chance(0.8)) return [[...old]];
    return [[`${view.version}-${hash}`, fresh]];
  });
  return createView(view.version + 1, new Map(segments));
}

test('the segments that a version replaces are those that the next one does not hold', (t) => {
  const random = seededFor(t);
  let view = createView(1, new Map(decoded()));
  for (let round = 0; round < 300; round++) {
    const next = nextOf(random, view);
    const held = new Set(next.segments);
    t.deepEqual(
      replacedSegments(view, next),
      view.segments.filter((segment) => !held.has(segment)),
    );
    t.is(
      next.events,
      next.segments.reduce((sum, { events }) => sum + events, 0),
    );
    view = next;
  }
});

test('a version that is loaded again takes what the served one does not have', async (t) => {
  const all = decoded();
  const bytes = new Map(built.map((one) => [one.entry.hash, one.bytes]));
  const store = {
    retrieveManifest: () => Promise.resolve({ version: 3, segments: built.map(({ entry }) => entry) }),
    retrieveSegment: (hash: string) => Promise.resolve(bytes.get(hash)!.slice()),
    trouble: null,
  };
  const editions = createEditions({ store, now: () => 0 });
  editions.swapped(createView(5, new Map(all.slice(0, 10))));
  t.is((await editions.viewOf(3))?.version, 3);
  const loaded = all.slice(10).reduce((sum, [, segment]) => sum + bytesIn(segment), 0);
  t.is(editions.extraBytes, loaded);
  editions.swapped(createView(6, new Map(all.slice(5, 10))));
  const replaced = all.slice(0, 5).reduce((sum, [, segment]) => sum + bytesIn(segment), 0);
  t.is(editions.extraBytes, loaded + replaced);
});

test('a version without details is not found, and what it shared with others is counted', async (t) => {
  const store = { retrieveManifest: gone, retrieveSegment: gone, trouble: null };
  const editions = createEditions({ store, now: () => 0 });
  const all = decoded();
  const plain: [string, Segment][] = [['plain', { ...all[0]![1], details: null }]];
  editions.swapped(createView(1, new Map(all)));
  editions.swapped(createView(2, new Map([...plain, ...all.slice(1)])));
  editions.swapped(createView(3, new Map(decoded())));
  t.is(
    editions.extraBytes,
    [...all, ...plain].reduce((sum, [, segment]) => sum + bytesIn(segment), 0),
  );
  t.is(await editions.viewOf(2), null);
});

test('what kept versions take is what only they hold, and stays within its limit', (t) => {
  const random = seededFor(t);
  const extraBytesMax = 40 * bytesIn(decoded()[0]![1]);
  let now = 0;
  const store = { retrieveManifest: gone, retrieveSegment: gone, trouble: null };
  const editions = createEditions({ store, now: () => now, extraBytesMax });
  const served: View[] = [createView(1, new Map(decoded()))];
  editions.swapped(served[0]!);
  for (let round = 0; round < 300; round++) {
    now += random.pick([1000, 60_000, 700_000]);
    const next = nextOf(random, served.at(-1)!);
    served.push(next);
    editions.swapped(next);
    const held = new Set(next.segments);
    const kept = editions.kept === 0 ? [] : served.slice(-1 - editions.kept, -1);
    const extra = new Set(kept.flatMap(({ segments }) => segments).filter((segment) => !held.has(segment)));
    t.is(
      editions.extraBytes,
      [...extra].reduce((sum, segment) => sum + bytesIn(segment), 0),
    );
    t.true(editions.extraBytes <= extraBytesMax);
  }
});
