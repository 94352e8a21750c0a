// What an answer says of how current its data is.

import test from 'ava';
import { createApp } from '#/http/app.ts';
import { createCatalogueHeader, type CatalogueHeader, type Freshness } from '#/http/catalogue-header.ts';
import { createEventsHandler } from '#/http/events/handler.ts';
import { createOverload } from '#/http/overload.ts';
import { createSearchHandler } from '#/http/search-handler.ts';
import { createApiServer } from '#/http/server.ts';
import { editionOf, type Edition } from '#/search/events/edition.ts';
import { createView, type View } from '#/search/view.ts';
import { apiFor, clientOf, headerOptions } from '../_support/api.ts';
import { randomEvents, viewOf } from '../_support/catalogue.ts';
import { randomOf } from '../_support/random.ts';

const events = viewOf(
  randomEvents(randomOf(5), { events: 200, from: Date.UTC(2021, 0, 1), to: Date.UTC(2021, 11, 31) }),
);
const versionOf = (version: number): View => createView(version, events.byHash);
const fresh: Freshness = { ageSeconds: 0, stale: false, pinned: false };

const values: [freshness: Freshness, value: string][] = [
  [fresh, 'version=7, age=0, stale=?0'],
  [{ ...fresh, ageSeconds: 3.99 }, 'version=7, age=3, stale=?0'],
  [{ ...fresh, ageSeconds: -0.5 }, 'version=7, age=0, stale=?0'],
  [{ ageSeconds: 3600, stale: true, pinned: false }, 'version=7, age=3600, stale=?1'],
  [{ ageSeconds: null, stale: true, pinned: false }, 'version=7, stale=?1'],
  [{ ...fresh, pinned: true }, 'version=7, age=0, stale=?0, pinned'],
];

for (const [freshness, value] of values)
  test(`${JSON.stringify(freshness)} is ${value}`, (t) => {
    t.is(createCatalogueHeader(() => freshness).valueOf(versionOf(7)), value);
  });

test('kept pages of events say the age of now, and a page of a cursor its own version', async (t) => {
  let view = versionOf(7);
  let freshness = fresh;
  const catalogue = createCatalogueHeader(() => freshness);
  const client = await clientOf(
    t,
    pinnedServer(() => view, editionOf(view)!, catalogue),
  );
  const ask = async (
    path: string,
    headers: Record<string, string> = {},
  ): Promise<[string | null, string]> => {
    const answer = await client.get(path, { headers });
    return [answer.headers.get('marquee-catalogue'), await answer.text()];
  };
  const [, first] = await ask('/events?limit=5');
  const { next_cursor: next } = (JSON.parse(first) as { data: { next_cursor: string } }).data;
  for (let i = 0; i < 4; i++) {
    freshness = { ...fresh, ageSeconds: i };
    catalogue.update();
    for (const path of ['/events?limit=5', '/events/histogram'])
      t.is((await ask(path))[0], `version=7, age=${i}, stale=?0`, path);
  }
  t.is((await ask('/events', { accept: 'application/x-ndjson' }))[0], 'version=7, age=3, stale=?0');
  view = versionOf(8);
  for (let i = 0; i < 4; i++) {
    t.is((await ask(`/events?limit=5&cursor=${next}`))[0], 'version=7, age=3, stale=?0');
    t.is((await ask('/events?limit=5'))[0], 'version=8, age=3, stale=?0');
  }
});

/** A server that still has the version `pinned`, besides the current one. */
const pinnedServer = (currentView: () => View, pinned: Edition, catalogue: CatalogueHeader) =>
  createApiServer(
    createSearchHandler({ ...headerOptions(null, catalogue), currentView, cacheBytesMax: 1_000_000 }),
    createEventsHandler({
      ...headerOptions(null, catalogue),
      current: currentView,
      find: (version, tag) => (version === pinned.version && tag === pinned.tag ? pinned : null),
      load: () => Promise.resolve(null),
    }),
    createApp(),
    { connectionsMax: 1000, overload: createOverload(0) },
  );

test('200 and 304 say the version that they answer from, the age and whether the host is stale', async (t) => {
  let view = versionOf(7);
  let freshness = fresh;
  const catalogue = createCatalogueHeader(() => freshness);
  const api = await apiFor(t, () => view, { catalogue });
  const ask = async (
    headers: Record<string, string> = {},
  ): Promise<[number, string | null, string | null]> => {
    const answer = await api.get('/search?starts_at=2021-06-01', { headers });
    await answer.arrayBuffer();
    return [answer.status, answer.headers.get('marquee-catalogue'), answer.headers.get('etag')];
  };
  const [, first, tag] = await ask({ 'accept-encoding': 'identity' });
  t.is(first, 'version=7, age=0, stale=?0');
  t.is((await ask({ 'accept-encoding': 'gzip' }))[1], first);

  // The tag depends on the events only: a client's copy stays valid, and the 304 brings the new version and age.
  view = versionOf(8);
  freshness = { ageSeconds: 12, stale: true, pinned: false };
  t.deepEqual(await ask({ 'accept-encoding': 'identity', 'if-none-match': tag ?? '' }), [
    304,
    'version=8, age=0, stale=?0',
    tag,
  ]);
  catalogue.update();
  t.deepEqual(await ask({ 'accept-encoding': 'identity', 'if-none-match': tag ?? '' }), [
    304,
    'version=8, age=12, stale=?1',
    tag,
  ]);
  // Kept answers do not keep the header.
  for (const encoding of ['gzip', 'identity'])
    for (let i = 0; i < 4; i++) {
      freshness = { ...fresh, ageSeconds: i };
      catalogue.update();
      t.is((await ask({ 'accept-encoding': encoding }))[1], `version=8, age=${i}, stale=?0`);
    }
});
