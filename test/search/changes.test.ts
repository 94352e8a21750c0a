// The changes between versions against a comparison of all events, and clients that follow them. `SEED=… npx ava
// test/search/changes.test.ts` repeats a run.

import test, { type ExecutionContext } from 'ava';
import type { DetailedEvent } from '#/domain/event.ts';
import type { JournalReader } from '#/domain/journaled.ts';
import { isRefusal } from '#/domain/refusal.ts';
import { diffOf } from '#/search/changes/diff.ts';
import { idOfRef, idTableOf } from '#/search/changes/id-table.ts';
import { createChangesReader, type ChangesPage, type ChangesReader } from '#/search/changes/reader.ts';
import { inSlices } from '#/search/changes/sliced.ts';
import { beginning, decodeToken, encodeToken, type Position } from '#/search/changes/token.ts';
import { editionOf, type Edition } from '#/search/events/edition.ts';
import { refOf } from '#/search/events/refs.ts';
import { createView, emptyView, type View } from '#/search/view.ts';
import { decodeSegment, type Segment } from '#/snapshot/segment.ts';
import { buildAll, randomEvents } from '../_support/catalogue.ts';
import { jsonOf } from '../_support/event-truths.ts';
import { mutated } from '../_support/mutated.ts';
import { seededFor } from '../_support/random.ts';

const year = { from: Date.UTC(2021, 0, 1), to: Date.UTC(2021, 11, 31) };

interface Version {
  readonly events: readonly DetailedEvent[];
  readonly view: View;
}

/** Versions share the segments that they have in common, as in a worker. */
function versionsOf(
  lists: readonly (readonly DetailedEvent[])[],
  eventsMax: (i: number) => number,
): Version[] {
  const known = new Map<string, Segment>();
  return lists.map((events, i) => {
    const segments = buildAll(events, eventsMax(i)).map(({ entry, bytes }) => {
      if (!known.has(entry.hash)) known.set(entry.hash, decodeSegment(bytes));
      return [entry.hash, known.get(entry.hash)!] as const;
    });
    return { events, view: createView(i + 1, new Map(segments)) };
  });
}

/** What happened to each event, by comparing all of them. */
function truthsOf(before: readonly DetailedEvent[], after: readonly DetailedEvent[]): Map<string, string> {
  const [old, now] = [before, after].map((events) => new Map(events.map((event) => [event.id, event])));
  const kinds = new Map<string, string>();
  for (const [id, event] of now!) {
    const was = old!.get(id);
    if (was === undefined) kinds.set(id, 'new');
    else if (jsonOf(was) === jsonOf(event)) continue;
    else if (was.listed !== event.listed) kinds.set(id, event.listed ? 'back' : 'withdrawn');
    else if (was.sellMode !== event.sellMode) kinds.set(id, event.sellMode);
    else kinds.set(id, 'changed');
  }
  for (const id of old!.keys()) if (!now!.has(id)) kinds.set(id, 'removed');
  return kinds;
}

const edition = (view: View): Edition => editionOf(view)!;

interface Change {
  readonly change: string;
  readonly id: string;
  readonly event: object | null;
}

const changesOn = ({ changes }: ChangesPage): Change[] => JSON.parse(`[${changes.toString()}]`) as Change[];

/** A host that has seen some of the versions, and serves the last of these. */
function hostOf(seen: () => readonly Version[], isPinned = false): ChangesReader {
  const find = (version: number, tag: number): Edition | null =>
    seen()
      .map(({ view }) => edition(view))
      .find((one) => one.version === version && one.tag === tag) ?? null;
  return createChangesReader({
    current: () => seen().at(-1)?.view ?? emptyView,
    find,
    load: () => Promise.resolve(null),
    isPinned: () => isPinned,
    journal: null,
  });
}

async function read(
  t: ExecutionContext,
  host: ChangesReader,
  position: Position,
  limit: number,
  provider: string | null = null,
): Promise<ChangesPage> {
  const page = await host.read({ position, provider, limit });
  if (typeof page === 'string') throw new Error(`Got ${page}, expected a page.`);
  const changes = changesOn(page);
  t.is(new Set(changes.map(({ id }) => id)).size, changes.length, 'each event once on a page');
  t.true(changes.length <= limit);
  t.is(changes.length, page.count);
  return page;
}

test('the changes between two versions are those that a comparison of all events finds', async (t) => {
  const random = seededFor(t);
  for (let round = 0; round < 15; round++) {
    const first = randomEvents(random, { events: random.int(0, 400), ...year, longShare: 0.2 });
    const second = mutated(random, first, random.pick([0, 0.02, 0.3, 1]));
    const [a, b] = versionsOf([first, second], () => random.pick([20, 100, 5000])) as [Version, Version];
    const diff = await inSlices(diffOf(edition(a.view), edition(b.view)));
    const found = Array.from({ length: diff.length }, (_, i): [string, string] => {
      const kind = diff.kindAt(i);
      return [kind === 'removed' ? diff.removedAt(i).id : idOfRef(edition(b.view), diff.refAt(i)), kind];
    });
    t.is(new Set(found.map(([id]) => id)).size, found.length, `round ${round}`);
    t.deepEqual(
      new Map(found.toSorted()),
      new Map([...truthsOf(first, second)].toSorted()),
      `round ${round}`,
    );
  }
});

test('clients that are cut off at random, and that two hosts answer in turns, have the catalogue at the end', async (t) => {
  const random = seededFor(t);
  for (let round = 0; round < 5; round++) {
    const lists = [randomEvents(random, { events: 300, ...year, longShare: 0.1 })];
    for (let i = 0; i < 12; i++) lists.push(mutated(random, lists.at(-1)!, random.pick([0, 0.01, 0.1])));
    const versions = versionsOf(lists, (i) => (i % 4 === 3 ? 60 : 100));
    const provider = random.pick([null, null, 'zoë']);
    const reached = [1, 1];
    const hosts = reached.map((_, i) => hostOf(() => versions.slice(0, reached[i])));
    const copy = new Map<string, string>();
    let position = beginning;
    for (let more = true; more || reached.some((version) => version < versions.length);) {
      const i = random.int(0, 1);
      const last = reached[i]!;
      // The host that a client leaves is never ahead of what the other one knows.
      if (random.chance(0.4) && last < versions.length) reached.fill(last + 1);
      const page = await read(t, hosts[i]!, position, random.int(1, 60), provider);
      // The connection broke: the client has neither the page nor its token, and the hosts may be at another version when it asks again.
      const isCut = random.chance(0.3);
      more = isCut || page.hasMore;
      if (isCut) continue;
      for (const { id, event } of changesOn(page)) {
        if (event === null) copy.delete(id);
        else copy.set(id, JSON.stringify(event));
      }
      const decoded = decodeToken(page.token, provider);
      if (isRefusal(decoded)) throw new Error(decoded.message);
      t.deepEqual(decoded, page.next);
      position = decoded;
    }
    const wanted = lists.at(-1)!.filter((event) => provider === null || event.provider === provider);
    t.deepEqual(
      [...copy].toSorted(),
      wanted.map((event): [string, string] => [event.id, jsonOf(event)]).toSorted(),
      `round ${round}`,
    );
  }
});

/** Follows until there is no more. `between`: before each page. Returns the copy, and how many versions the pages came from. */
async function walk(
  t: ExecutionContext,
  host: ChangesReader,
  limit: () => number,
  between: () => void,
): Promise<{ copy: Map<string, string>; versions: number; next: Position }> {
  const [copy, versions] = [new Map<string, string>(), new Set<number>()];
  let next = beginning;
  for (let more = true; more;) {
    between();
    const page = await read(t, host, next, limit());
    for (const { id, event } of changesOn(page)) {
      if (event === null) copy.delete(id);
      else copy.set(id, JSON.stringify(event));
    }
    versions.add(page.version);
    const decoded = decodeToken(page.token, null);
    t.deepEqual(decoded, page.next);
    [next, more] = [page.next, page.hasMore];
  }
  return { copy, versions: versions.size, next };
}

const textsOf = (events: readonly DetailedEvent[]): [string, string][] =>
  events.map((event): [string, string] => [event.id, jsonOf(event)]).toSorted();

test('a first walk that lasts longer than its versions are kept moves to newer ones, and ends with the catalogue', async (t) => {
  const random = seededFor(t);
  for (let round = 0; round < 2; round++) {
    const lists = [randomEvents(random, { events: 200, ...year, longShare: 0.2 })];
    for (let i = 0; i < 16; i++) lists.push(mutated(random, lists.at(-1)!, random.pick([0, 0.02, 0.1])));
    const versions = versionsOf(lists, (i) => (i % 4 === 3 ? 60 : 100));
    let last = 1;
    const host = hostOf(() => versions.slice(Math.max(0, last - 6), last));
    const limit = (): number => random.int(10, 30);
    const { copy, versions: seen } = await walk(t, host, limit, () => {
      if (last < versions.length && random.chance(0.8)) last++;
    });
    t.deepEqual([...copy].toSorted(), textsOf(lists[last - 1]!), `round ${round}`);
    t.true(seen > 6, `round ${round}: ${seen} versions`);
  }
});

/** Versions of one archive. The journal has an entry for each event that differs from the version before; nothing is removed. */
function journaled(
  lists: readonly (readonly DetailedEvent[])[],
  eventsMax: (i: number) => number,
): { versions: readonly Version[]; journal: JournalReader } {
  const entries: { event: DetailedEvent; before: DetailedEvent | null }[] = [];
  const identity = { archive: 'a'.repeat(32), stamp: 'b'.repeat(32) };
  const plain = versionsOf(lists, eventsMax);
  const versions = plain.map(({ events, view }, i): Version => {
    const before = new Map((lists[i - 1] ?? []).map((event) => [event.id, event]));
    for (const event of events) {
      const was = before.get(event.id) ?? null;
      if (was === null || jsonOf(was) !== jsonOf(event)) entries.push({ event, before: was });
    }
    return { events, view: createView(i + 1, view.byHash, { ...identity, seq: entries.length }) };
  });
  const standing = ({ listed, sellMode }: DetailedEvent) => ({ listed, offline: sellMode === 'offline' });
  const slice: JournalReader['slice'] = ({ since, after, upTo, limit }) => {
    const from = after ?? since.seq;
    const found = entries.slice(from, Math.min(upTo, from + limit));
    const first = new Map(found.toReversed().map(({ event, before }) => [event.id, { event, before }]));
    const events = Array.from(first.values(), ({ event, before }) => ({
      id: event.id,
      day: Math.floor(event.start / 86_400_000),
      before: before === null ? null : standing(before),
    }));
    return Promise.resolve({ events, seq: found.length < limit ? null : from + found.length });
  };
  return { versions, journal: { slice } };
}

test('where every version is gone at once, a walk continues from the journal and ends with the catalogue', async (t) => {
  const random = seededFor(t);
  let fromJournal = 0;
  for (let round = 0; round < 5; round++) {
    const lists = [randomEvents(random, { events: 80, ...year, longShare: 0.2 })];
    for (let i = 0; i < 30; i++) {
      const [now, before] = [lists.at(-1)!, lists.at(-2) ?? lists[0]!];
      // Also back to what it was: between two versions that are not neighbours nothing has changed then.
      const next = random.pick([
        () => before,
        () => now.map((event) => (random.chance(0.2) ? { ...event, capacity: random.int(0, 9) } : event)),
        () => mutated(random, now, random.pick([0.01, 0.3])),
      ])();
      const known = new Set(next.map(({ id }) => id));
      lists.push([...next, ...now.filter(({ id }) => !known.has(id))]);
    }
    const { versions, journal } = journaled(lists, (i) => (i % 4 === 3 ? 60 : 100));
    let last = 1;
    const find = (version: number, tag: number): Edition | null => {
      const view = versions[version - 1]?.view;
      // Some of the hosts keep nothing.
      const kept = random.pick([1, 1, 5]);
      const isKept = version <= last && version > last - kept && view !== undefined;
      return isKept && edition(view).tag === tag ? edition(view) : null;
    };
    const reader = createChangesReader({
      current: () => versions[last - 1]!.view,
      find,
      load: () => Promise.resolve(null),
      isPinned: () => false,
      journal: {
        slice(query) {
          fromJournal++;
          return journal.slice(query);
        },
      },
    });
    const limit = (): number => random.int(5, 20);
    const { copy } = await walk(t, reader, limit, () => {
      last = Math.min(versions.length, last + random.pick([0, 0, 1, 2, 3]));
    });
    t.deepEqual([...copy].toSorted(), textsOf(lists[last - 1]!), `round ${round}`);
  }
  t.true(fromJournal > 10);
});

test('a page ends between any two changes, and the next one begins there', async (t) => {
  const random = seededFor(t);
  const first = randomEvents(random, { events: 60, ...year });
  const versions = versionsOf([first, mutated(random, first, 0.5)], () => 20);
  const host = hostOf(() => versions);
  const base = { version: 1, tag: edition(versions[0]!.view).tag, published: null };
  const start: Position = { ...beginning, base };
  const whole = changesOn(await read(t, host, start, 1000));
  t.true(whole.length > 5);
  for (let limit = 1; limit <= whole.length + 1; limit++) {
    const seen: Change[] = [];
    let position = start;
    for (let more = true; more;) {
      const page = await read(t, host, position, limit);
      t.true(page.count === limit || !page.hasMore);
      seen.push(...changesOn(page));
      [position, more] = [page.next, page.hasMore];
    }
    t.deepEqual(seen, whole, `limit ${limit}`);
    const page = await read(t, host, position, limit);
    t.is(page.count, 0);
    t.deepEqual(page.next, position);
  }
});

test('a version with the same events under another number continues, one with other events does not', async (t) => {
  const events = randomEvents(seededFor(t), { events: 50, ...year });
  const [a, other] = versionsOf([events, events.slice(1)], () => 20) as [Version, Version];
  const page = await read(
    t,
    hostOf(() => [a]),
    beginning,
    1000,
  );
  const again = { events, view: createView(9, a.view.byHash) };
  t.is(
    (
      await read(
        t,
        hostOf(() => [again]),
        page.next,
        10,
      )
    ).count,
    0,
  );
  const newest = { events: other.events, view: createView(1, other.view.byHash) };
  t.is(await hostOf(() => [newest]).read({ position: page.next, provider: null, limit: 10 }), 'gone');
  t.is(
    (
      await read(
        t,
        hostOf(() => []),
        beginning,
        10,
      )
    ).count,
    0,
  );
});

test('a host that is behind has no changes yet; one whose version is pinned leads back to it', async (t) => {
  const events = randomEvents(seededFor(t), { events: 50, ...year });
  const [a, b] = versionsOf([events.slice(1), events], () => 20) as [Version, Version];
  const ahead = (
    await read(
      t,
      hostOf(() => [b]),
      beginning,
      1000,
    )
  ).next;
  // Both know version 2, as it is in the store.
  const known = (isPinned: boolean) =>
    createChangesReader({
      current: () => a.view,
      find: () => edition(b.view),
      load: () => Promise.resolve(null),
      isPinned: () => isPinned,
      journal: null,
    });
  t.like(await read(t, known(false), ahead, 10), { count: 0, next: ahead, hasMore: false });
  const back = await read(t, known(true), ahead, 10);
  t.deepEqual(changesOn(back), [{ change: 'removed', id: events[0]!.id, event: null }]);
  t.like(back, { hasMore: false, version: 1 });
  t.is(await hostOf(() => [a]).read({ position: ahead, provider: null, limit: 10 }), 'gone');
});

test('a token that is damaged, made up or of another provider is refused', (t) => {
  const version = 2 ** 40;
  const published = { version, seq: 2 ** 47, archive: 0, stamp: 4_294_967_295 };
  const position: Position = {
    base: { version, tag: 4_294_967_295, published },
    target: { version: 7, tag: 0, published: null },
    received: 2 ** 33,
    isFromJournal: true,
    upTo: { isLong: true, start: -62_135_596_800_001, id: 'e034eaf1-c82f-53c9-b2d9-96a14433c42b' },
    seen: 2 ** 47,
  };
  t.deepEqual(decodeToken(encodeToken(beginning, null), null), beginning);
  const token = encodeToken(position, 'fever');
  t.deepEqual(decodeToken(token, 'fever'), position);
  t.like(decodeToken(token, null), { code: 'token_mismatch' });
  for (let at = 0; at < token.length; at++) {
    const harmed = token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
    t.like(decodeToken(harmed, 'fever'), { code: 'token_invalid' }, harmed);
  }
  for (const text of ['', 'x', `${token}A`, token.slice(1), 'A'.repeat(token.length)])
    t.like(decodeToken(text, 'fever'), { code: 'token_invalid' }, text);
});

test('the table of ids finds each event once', async (t) => {
  const { view } = versionsOf([randomEvents(seededFor(t), { events: 500, ...year })], () => 50)[0]!;
  const refs = view.segments.flatMap(({ events }, i) =>
    Array.from({ length: events }, (_, at) => refOf(i, at)),
  );
  const table = await inSlices(idTableOf(edition(view), refs));
  const ids = refs.map((ref) => idOfRef(edition(view), ref));
  t.deepEqual(
    ids.map((id) => table.take(id)),
    refs.keys().toArray(),
  );
  t.true(ids.every((id) => table.take(id) === -1));
});
