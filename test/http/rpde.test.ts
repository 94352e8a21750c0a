// The catalogue as an RPDE feed: the rules of the standard, also as OpenActive's validator checks them, from an archive that changes
// while it is read.

import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import anyTest, { type ExecutionContext, type TestFn } from 'ava';
import { createPast } from '#/api/past.ts';
import { openPast } from '#/archive/history/reader.ts';
import type { LatestQuery, LatestReader } from '#/domain/journaled.ts';
import type { View } from '#/search/view.ts';
import { apiFor, type ApiOptions } from '../_support/api.ts';
import { eventsIn } from '../_support/events-in.ts';
import { base, feed, plan, type FeedBase } from '../_support/feeds.ts';
import { openPipeline, type Pipeline } from '../_support/pipeline.ts';
import { seededFor, type Random } from '../_support/random.ts';
import { createRpdeRules, isLast, readPage, walk, type RpdeRules } from './_rpde-rules.ts';
import { validate } from './_rpde-validator.ts';

const test = anyTest as TestFn;

interface Served {
  readonly line: Pipeline;
  readonly url: string;
  readonly asked: LatestQuery[];
  /** Serves this view instead of the current one. */
  pin(view: View | null): void;
}

const pastOf = (t: ExecutionContext, { directory }: Pipeline): LatestReader => {
  const read = createPast({
    open: (failed) => openPast(`sqlite:${join(directory, 'archive.sqlite')}`, failed),
    now: () => performance.now(),
    waitMs: 60_000,
  });
  t.teardown(() => read.close());
  return read;
};

async function servedBy(t: ExecutionContext, options: ApiOptions = {}): Promise<Served> {
  const line = await openPipeline(t);
  const read = pastOf(t, line);
  let pinned: View | null = null;
  const asked: LatestQuery[] = [];
  const latest: LatestReader = {
    latest(query) {
      asked.push(query);
      return read.latest(query);
    },
  };
  const { url } = await apiFor(t, () => pinned ?? line.view, { latest, ...options });
  return { line, url: `${url}/rpde/events`, asked, pin: (view) => void (pinned = view) };
}

const baseAt = (i: number, given: Partial<FeedBase> = {}, night = i): FeedBase => {
  const day = `2031-0${1 + (night % 9)}-${10 + (night % 18)}`;
  const plans = [plan({ start: `${day}T20:00:00`, end: `${day}T21:00:00` })];
  return base({ id: String(i), title: `Night ${i}`, plans, ...given });
};

/** Some bases are different, gone or back. */
function change(random: Random, bases: Map<number, FeedBase>): void {
  for (let n = random.int(1, 8); n > 0; n--) {
    const i = random.int(0, 60);
    if (random.chance(0.3)) bases.delete(i);
    else {
      const [title, sellMode] = [`Night ${i} ${random.int(0, 3)}`, random.pick(['online', 'offline'])];
      bases.set(i, baseAt(i, { title, sellMode }, random.chance(0.2) ? i + 1 : i));
    }
  }
}

/** The copy has each event of the catalogue in its current state. */
async function compare(t: ExecutionContext, { line }: Served, { copy }: RpdeRules): Promise<void> {
  const events = await eventsIn(line.archive);
  t.deepEqual([...copy.keys()].toSorted(), events.map(({ id }) => id).toSorted());
  for (const { id, title, listed, start, minPrice, sellMode, soldOut } of events) {
    const { state, data } = copy.get(id)!;
    t.is(state, listed ? 'updated' : 'deleted', title);
    if (!listed) continue;
    t.like(data, {
      '@type': 'Event',
      identifier: id,
      name: title,
      startDate: new Date(start).toISOString().replace('.000', ''),
      eventStatus: 'https://schema.org/EventScheduled',
    });
    const [offer] = data!['offers'] as [{ lowPrice?: number; availability?: string }];
    t.is(offer.lowPrice, minPrice === null ? undefined : minPrice / 100);
    const onSale = sellMode === 'online' ? 'https://schema.org/InStock' : undefined;
    t.is(offer.availability, soldOut === true ? 'https://schema.org/SoldOut' : onSale, title);
  }
}

test('a reader finds every rule kept while the feed changes every 100 ms, and has the catalogue at the end', async (t) => {
  const random = seededFor(t);
  const served = await servedBy(t);
  const bases = new Map(Array.from({ length: 50 }, (_, i) => [i, baseAt(i)]));
  // The validator warns of a feed without a deleted item: one is there from the start, and stays.
  await served.line.tell(feed([...bases.values(), baseAt(99)]));
  await served.line.tell(feed([...bases.values()]));
  const ending = new AbortController();
  let changes = 0;
  const changing = (async () => {
    while (!ending.signal.aborted) {
      change(random, bases);
      await served.line.tell(feed([...bases.values()]));
      changes++;
      await sleep(100, undefined, { signal: ending.signal }).catch(() => undefined);
    }
  })();
  const readers = [1, 7, null].map(async (limit) => {
    const rules = createRpdeRules();
    let pages = 0;
    let at = limit === null ? served.url : `${served.url}?limit=${limit}`;
    while (changes < 20) {
      at = (await walk(at, rules)).url;
      pages++;
      await sleep(30);
    }
    return { rules, at, pages };
  });
  const validator = (async () => {
    const found: string[] = [];
    let walks = 0;
    for (; changes < 20; walks++) {
      const limit = [5, 20, 500][walks % 3];
      found.push(...(await validate(`${served.url}?limit=${limit}`, { changing: true })));
      await sleep(30);
    }
    return { found, walks };
  })();
  const [{ found, walks }, ...read] = await Promise.all([validator, ...readers]);
  ending.abort();
  await changing;
  for (const { rules, at, pages } of read) {
    await walk(at, rules);
    await compare(t, served, rules);
    t.true(pages > 2);
  }
  // A reader that comes now has each event once.
  const late = createRpdeRules();
  await walk(served.url, late);
  await compare(t, served, late);
  t.is(late.read, late.copy.size);
  t.deepEqual(found, []);
  t.deepEqual(await validate(served.url), []);
  const deleted = [...late.copy.values()].filter(({ state }) => state === 'deleted').length;
  t.true(deleted > 0);
  t.log(`${changes} changes, ${deleted} deleted, ${walks} walks of the validator`);
});

test('the validator reads an empty feed, a page beyond the end, and both forms of the last page', async (t) => {
  const served = await servedBy(t);
  t.true(isLast(await readPage(served.url)));
  await served.line.tell(feed([baseAt(1), baseAt(2), baseAt(3, { sellMode: 'offline' })]));
  const first = await readPage(served.url);
  t.is(first.items.length, 2);
  // As rpde-validator computes the last page.
  const beyond = await readPage(`${served.url}?afterChangeNumber=${Number.MAX_SAFE_INTEGER}`);
  t.true(isLast(beyond));
  t.true(isLast(await readPage(first.next)));
  // An event that was never online is not there, and its changes lead to no page without items.
  await served.line.tell(feed([baseAt(1), baseAt(2), baseAt(3, { sellMode: 'offline', title: 'x' })]));
  t.true(isLast(await readPage(first.next)));
});

test('an event that changed often is passed over in bounded steps, which are not the last page', async (t) => {
  const served = await servedBy(t, {
    latest: {
      latest: ({ after }) => Promise.resolve({ events: [], looked: after < 9000 ? after + 4500 : null }),
    },
  });
  await served.line.tell(feed([baseAt(1)]));
  const { url } = served;
  served.pin(Object.assign({}, served.line.view, { origin: { ...served.line.view.origin!, seq: 10_000 } }));
  const first = await readPage(url);
  t.deepEqual(first.items, []);
  t.false(isLast(first));
  const second = await readPage(first.next);
  t.false(isLast(second));
  t.true(isLast(await readPage(second.next)));
});

test('a worker that is behind has nothing for a client that is ahead, and asks no archive', async (t) => {
  const served = await servedBy(t);
  await served.line.tell(feed([baseAt(1)]));
  const old = served.line.view;
  await served.line.tell(feed([baseAt(1, { title: 'New' }), baseAt(2)]));
  const { next } = await readPage(served.url);
  served.pin(old);
  const asked = served.asked.length;
  t.true(isLast(await readPage(next)));
  t.is(served.asked.length, asked);
  // From its own version it tells the state of that version.
  const [item] = (await readPage(served.url)).items;
  t.like(item, { state: 'updated', data: { name: 'Night 1' } });
});

test('the URL of another archive is refused, and so are parameters that are not valid', async (t) => {
  const served = await servedBy(t);
  await served.line.tell(feed([baseAt(1)]));
  const { next } = await readPage(served.url);
  const archive = new URL(next).searchParams.get('archive')!;
  t.regex(archive, /^[\da-f]{8}$/);
  const wanted: [string, number, string][] = [
    [next.replace(archive, '00000000'), 410, 'resync_required'],
    [`${served.url}?afterChangeNumber=-1`, 400, 'parameter_invalid'],
    [`${served.url}?afterChangeNumber=99999999999999999`, 400, 'parameter_invalid'],
    [`${served.url}?afterChangeNumber=1&afterChangeNumber=2`, 400, 'parameter_repeated'],
    [`${served.url}?limit=1001`, 400, 'parameter_invalid'],
    [`${served.url}?afterTimestamp=1`, 400, 'parameter_unknown'],
  ];
  for (const [url, status, code] of wanted) {
    const answer = await fetch(url);
    t.is(answer.status, status, url);
    t.like(await answer.json(), { error: { code } });
  }
});

test('next begins with the configured address; a private answer is not for shared caches; the licence may be absent', async (t) => {
  const rpde = { publicUrl: 'https://events.example/api', license: null };
  const { url, line } = await servedBy(t, { rpde });
  await line.tell(feed([baseAt(1)]));
  const page = await readPage(url);
  t.regex(
    page.next,
    /^https:\/\/events\.example\/api\/rpde\/events\?afterChangeNumber=\d+&archive=[\da-f]{8}$/,
  );
  t.false('license' in page);
  // Without a configured address, the request says where it was sent.
  const other = await servedBy(t);
  const { port } = new URL(other.url);
  const named = await readPage(`http://localhost:${port}/rpde/events`).catch(() => null);
  if (named !== null) t.true(named.next.startsWith(`http://localhost:${port}/`));
});

test('a host without an archive answers 503', async (t) => {
  const api = await apiFor(t, () => view);
  const line = await openPipeline(t);
  await line.tell(feed([baseAt(1)]));
  const { view } = line;
  const answer = await api.get('/rpde/events');
  t.is(answer.status, 503);
  t.like(await answer.json(), { error: { code: 'archive_unavailable' } });
});

test('an archive that is not the one of the served version gives no numbers', async (t) => {
  const other = await openPipeline(t);
  const served = await servedBy(t, { latest: pastOf(t, other) });
  for (const line of [other, served.line]) await line.tell(feed([baseAt(1), baseAt(2)]));
  const answer = await fetch(served.url);
  t.is(answer.status, 503);
  t.regex(await answer.text(), /archive_unavailable/);
});
