// Feeds in pages: a cursor that is committed with each page, deletion by an item, limits, and what a provider must not do.

import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { Agent } from 'undici';
import { openEvents } from '#/archive/history/events.ts';
import { differences, type Difference } from '#/commands/replay/compare.ts';
import { archiveIn, keptBodies, replayRuns } from '#/commands/replay/replay.ts';
import type { FeedRunDeps } from '#/ingest/feeds/feed-run.ts';
import { openBodies } from '#/provider/bodies.ts';
import { fetchFeed } from '#/provider/http/fetch.ts';
import type { Provider } from '#/provider/provider.ts';
import { directoryFor } from '../../_support/directory.ts';
import { limits } from '../../_support/limits.ts';
import { eventsIn } from '../../_support/events-in.ts';
import { openPipeline, type Pipeline } from '../../_support/pipeline.ts';
import { seededFor } from '../../_support/random.ts';
import { eventNode, startRpdeProvider, type RpdeProvider } from '../../_support/rpde-provider.ts';

interface Line {
  readonly line: Pipeline;
  readonly provider: RpdeProvider;
}

async function lineFor(t: ExecutionContext, events = 12): Promise<Line> {
  const provider = await startRpdeProvider(t);
  const line = await openPipeline(t, [{ format: 'rpde' }]);
  for (let i = 1; i <= events; i++) provider.put(String(i), eventNode(String(i)));
  return { line, provider };
}

/** By id, what the archive has of each event. */
async function stateOf({ archive }: Pipeline): Promise<Record<string, string>> {
  const events = await eventsIn(archive);
  return Object.fromEntries(
    events.map(({ planId, title, listed }) => [planId, listed ? title : 'withdrawn']),
  );
}

test('next is followed to the last page, and later runs continue there', async (t) => {
  const { line, provider } = await lineFor(t);
  const first = await line.run(provider.url);
  t.like(first.row, { outcome: 'absorbed', code: null, counts: { added: 12, records: 12 } });
  t.deepEqual(
    provider.asked.map(({ url }) => url),
    ['/feed', '/feed?afterChangeNumber=5', '/feed?afterChangeNumber=10', '/feed?afterChangeNumber=12'],
  );
  // Nothing is new: one request, for the last page.
  t.like((await line.run(provider.url)).row, { outcome: 'unchanged', counts: { records: 0 } });
  t.is(provider.asked.length, 5);
  provider.put('3', eventNode('3', 'Another'));
  provider.put('20', eventNode('20'));
  t.like((await line.run(provider.url)).row, { outcome: 'absorbed', counts: { changed: 1, added: 1 } });
  t.is((await stateOf(line))['3'], 'Another');
});

test('an event is withdrawn when its item is deleted, and never because a page does not have it', async (t) => {
  const { line, provider } = await lineFor(t);
  await line.run(provider.url);
  provider.put('2', null);
  provider.put('7', null);
  // An item that was never there.
  provider.put('99', null);
  t.like((await line.run(provider.url)).row, { outcome: 'absorbed', counts: { withdrawn: 2 } });
  const state = await stateOf(line);
  t.is(Object.values(state).filter((one) => one === 'withdrawn').length, 2);
  t.is(state['2'], 'withdrawn');
  provider.put('2', eventNode('2', 'Back'));
  t.like((await line.run(provider.url)).row, { counts: { changed: 1, withdrawn: 0 } });
  t.is((await stateOf(line))['2'], 'Back');
  // The item is still there, and no longer an event.
  provider.put('3', { '@type': 'Place', name: 'Hall' });
  t.like((await line.run(provider.url)).row, { counts: { withdrawn: 1 } });
});

test('a run that ends at any page loses nothing and repeats nothing', async (t) => {
  const random = seededFor(t);
  const { line, provider } = await lineFor(t, 40);
  for (let round = 0; ; round++) {
    // The process ends before, in or after the answer of a page.
    let left = random.int(0, 2);
    provider.hook = (_request, response) => {
      if (left-- > 0) return false;
      if (random.chance(0.5)) response.destroy();
      else {
        response.writeHead(200, { 'Content-Type': 'application/json' });
        response.write(provider.pageText(0).slice(0, 300), () => response.destroy());
      }
      return true;
    };
    await line.run(provider.url);
    const id = String(random.int(1, 40));
    if (random.chance(0.5)) provider.put(id, random.chance(0.3) ? null : eventNode(id));
    if (round === 25) break;
  }
  for (let i = 1; i <= 40; i++)
    provider.put(String(i), i % 5 === 0 ? null : eventNode(String(i), `Last ${i}`));
  provider.hook = null;
  await line.run(provider.url);
  const state = await stateOf(line);
  for (let i = 1; i <= 40; i++)
    if (i % 5 !== 0) t.is(state[i], `Last ${i}`);
    else t.true(state[i] === undefined || state[i] === 'withdrawn');
  const added = line.journal().filter(({ kind }) => kind === 'added');
  t.is(new Set(added.map(({ id }) => id)).size, added.length, 'no event is added twice');
});

test('a page whose items are not valid costs those items only, and is not read again', async (t) => {
  const { line, provider } = await lineFor(t, 3);
  provider.put('bad', { ...eventNode('4'), startDate: '2031-02-31T20:00:00Z' });
  provider.put('5', eventNode('5'));
  t.like((await line.run(provider.url)).row, { outcome: 'absorbed', counts: { added: 4, quarantined: 1 } });
  t.like(line.quarantine(), [{ code: 'date_impossible' }]);
  t.like((await line.run(provider.url)).row, { outcome: 'unchanged' });
  provider.put('bad', eventNode('4'));
  await line.run(provider.url);
  t.deepEqual(line.quarantine(), []);
});

/** The body of a page with these members. */
const body = (members: object): string => JSON.stringify({ items: [], ...members });

const refused: Record<string, [text: (provider: RpdeProvider) => string, code: string]> = {
  'no next': [() => body({}), 'next_missing'],
  'a next that is a number': [() => body({ next: 5 }), 'next_invalid'],
  'a next that is too long': [
    () => body({ next: `https://a.example/${'x'.repeat(10_000)}` }),
    'next_invalid',
  ],
  'a next on another host': [() => body({ next: 'http://other.example/feed?after=1' }), 'next_refused'],
  'a next inside': [() => body({ next: 'http://169.254.169.254/latest/meta-data' }), 'next_refused'],
  'a next of another scheme': [() => body({ next: 'file:///etc/passwd' }), 'next_refused'],
  'a next on another port': [() => body({ next: 'http://127.0.0.1:1/feed' }), 'next_refused'],
  'an HTML page': [() => '<html><body>Welcome</body></html>', 'root_unexpected'],
  'an error with status 200': [() => '{"error":"quota exceeded"}', 'records_missing'],
  'a page that is cut': [(provider) => provider.pageText(0).slice(0, -200), 'feed_truncated'],
  'items that lead to themselves': [
    (provider) => provider.pageText(0).replace(/"next":"[^"]*"/, `"next":"${provider.url}"`),
    'next_refused',
  ],
};

for (const [what, [text, code]] of Object.entries(refused))
  test(`${what}: the run fails, and the cursor stays`, async (t) => {
    const { line, provider } = await lineFor(t, 6);
    provider.hook = (_request, response) => {
      response.setHeader('Content-Type', 'application/json').end(text(provider));
      return true;
    };
    const { row } = await line.run(provider.url);
    t.is(row.code, code, row.message ?? '');
    t.true(row.outcome === 'failed' || row.outcome === 'incomplete');
    provider.hook = null;
    await line.run(provider.url);
    t.is(Object.keys(await stateOf(line)).length, 6);
  });

test('a page that comes too large is refused whole', async (t) => {
  const { line, provider } = await lineFor(t, 0);
  provider.limit = 20_000;
  for (let i = 0; i < 10_001; i++) provider.put(`x${i}`, null);
  const { row } = await line.run(provider.url);
  t.like(row, { code: 'page_too_large', counts: { records: 0 } });
  provider.limit = 10_000;
  t.like((await line.run(provider.url)).row, { code: null, counts: { records: 10_001 } });
});

test('a circle of pages ends the run, and so does the limit of pages', async (t) => {
  const { line, provider } = await lineFor(t, 0);
  let n = 0;
  provider.hook = (request, response) => {
    const next = request.url === '/feed?b' ? '/feed?a' : '/feed?b';
    response.end(body({ next: provider.url.replace('/feed', next) }));
    return n++ < 100;
  };
  t.like((await line.run(provider.url)).row, { code: 'next_refused' });
  provider.hook = (_request, response) => {
    response.end(body({ next: `${provider.url}?n=${n++}` }));
    return true;
  };
  const before = provider.asked.length;
  const { row } = await line.run(provider.url, 'default', { pagesMax: 20 });
  t.is(row.code, null);
  t.is(provider.asked.length - before, 20);
});

test('429 and Retry-After are kept; a 503 without it means an hour', async (t) => {
  const { line, provider } = await lineFor(t, 6);
  const answer = (status: number, headers: Record<string, string>) => {
    provider.hook = (_request, response) => {
      response.writeHead(status, headers).end();
      return true;
    };
  };
  answer(429, { 'Retry-After': '120' });
  t.like(await line.run(provider.url), { askedWaitMs: 120_000, row: { code: 'http_status' } });
  answer(503, {});
  t.like(await line.run(provider.url), { askedWaitMs: 3_600_000 });
  answer(503, { 'Retry-After': '30' });
  t.like(await line.run(provider.url), { askedWaitMs: 30_000 });
});

test('a page that is gone begins the feed again, once a day; nothing is doubled', async (t) => {
  const { line, provider } = await lineFor(t);
  await line.run(provider.url);
  provider.hook = (request, response) => {
    if (request.url !== '/feed?afterChangeNumber=12') return false;
    response.writeHead(410).end();
    return true;
  };
  const journal = line.journal().length;
  provider.put('4', eventNode('4', 'Changed'));
  t.like((await line.run(provider.url)).row, {
    outcome: 'absorbed',
    code: null,
    counts: { changed: 1, added: 0 },
  });
  t.is(line.journal().length, journal + 1);
  provider.hook = (request, response) => {
    if (request.url === '/feed') return false;
    response.writeHead(404).end();
    return true;
  };
  const asked = provider.asked.length;
  t.like((await line.run(provider.url)).row, { outcome: 'failed', code: 'http_status' });
  t.is(provider.asked.length, asked + 1);
});

test('another URL, or another way of reading, begins the feed again', async (t) => {
  const { line, provider } = await lineFor(t);
  await line.run(provider.url);
  await line.run(`${provider.url}?key=1`);
  t.is(provider.asked.filter(({ url }) => url === '/feed?key=1').length, 1);
});

test('credentials stay with the origin of the provider, on every page', async (t) => {
  const other = await startRpdeProvider(t);
  other.put('1', eventNode('1'));
  const provider = await startRpdeProvider(t);
  const { host } = new URL(other.url);
  const line = await openPipeline(t, [
    { format: 'rpde', headers: { 'x-api-key': 'secret' }, redirectHosts: [host], privateAddresses: true },
  ]);
  provider.hook = (_request, response) => {
    response.end(body({ next: other.url }));
    return true;
  };
  t.like((await line.run(provider.url)).row, { code: null, counts: { added: 1 } });
  t.is(provider.asked[0]?.headers['x-api-key'], 'secret');
  t.true(other.asked.length > 0);
  t.true(other.asked.every(({ headers }) => headers['x-api-key'] === undefined));
});

test('a page that is read as an ordinary feed withdraws nothing', async (t) => {
  const { provider } = await lineFor(t);
  const line = await openPipeline(t);
  t.like((await line.run(provider.url)).row, { outcome: 'failed', code: 'format_unnamed' });
});

test('each page that changed something is kept, and a replay of them gives the same events', async (t) => {
  const { line, provider } = await lineFor(t);
  const directory = await directoryFor(t);
  const bodies = await openBodies(join(directory, 'bodies'), 1_000_000, Date.now, (message) =>
    t.fail(message),
  );
  const agent = new Agent();
  t.teardown(() => agent.destroy());
  const keeping = {
    fetch: async (...[from, validators, stop]: Parameters<FeedRunDeps['fetch']>) =>
      bodies.copied(from.name, await fetchFeed(from, validators, agent, stop)),
    pageEnded: (page: Parameters<typeof bodies.keep>[0]) => bodies.keep(page),
  };
  await line.run(provider.url, 'default', keeping);
  provider.put('2', null);
  provider.put('3', eventNode('3', 'Another'));
  await line.run(provider.url, 'default', keeping);
  await line.run(provider.url, 'default', keeping);
  const entry: Provider = {
    name: 'default',
    url: provider.url,
    format: 'rpde',
    timeZone: 'UTC',
    priceZones: 'all',
    strict: false,
    headers: {},
    redirectHosts: [],
    pollSeconds: 60,
    pollSecondsMax: 60,
    limits,
    gate: { withdrawShareMax: 1, growthFactorMax: 9 },
  };
  const kept = await keptBodies(join(directory, 'bodies'), [entry]);
  t.is(kept.length, 4);
  const replayed = async (one: Provider, into: string): Promise<Difference[]> => {
    const deps = { providers: [one], threads: 1, progress: () => undefined, replayed: () => undefined };
    await replayRuns(join(directory, 'bodies'), kept, into, deps, () => Promise.resolve());
    const readers = [await openEvents(archiveIn(line.directory)), await openEvents(archiveIn(into))] as const;
    const found: Difference[] = [];
    for await (const difference of differences(...readers)) found.push(difference);
    for (const reader of readers) await reader.close();
    return found;
  };
  t.deepEqual(await replayed(entry, join(directory, 'same')), []);
  const other = await replayed({ ...entry, timeZone: 'Asia/Tokyo' }, join(directory, 'other'));
  t.is(other.length, 12);
  t.deepEqual(
    other[0]?.fields.map(({ field }) => field),
    ['startLocal', 'endLocal'],
  );
});
