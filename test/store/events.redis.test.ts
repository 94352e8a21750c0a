// A walk through the pages of /events that two hosts answer in turns, each from its own disk and memory, over one Redis.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import anyTest, { type ExecutionContext, type TestFn } from 'ava';
import { createEditions } from '#/api/editions.ts';
import { createRefresher } from '#/api/refresh.ts';
import { createApp } from '#/http/app.ts';
import { createEventsHandler } from '#/http/events/handler.ts';
import { createOverload } from '#/http/overload.ts';
import { createSearchHandler } from '#/http/search-handler.ts';
import { createApiServer } from '#/http/server.ts';
import { openLocalStore } from '#/store/local.ts';
import { createMirror } from '#/store/mirror.ts';
import { manifestsKept } from '#/store/retention.ts';
import { endingOf } from '../_servers/ending.ts';
import { redisIsHere, startRedis, type RedisServer } from '../_servers/redis.ts';
import { clientOf, headerOptions, type Client } from '../_support/api.ts';
import { publishAll, randomEvents } from '../_support/catalogue.ts';
import { eventTruths, jsonOf } from '../_support/event-truths.ts';
import { randomOf } from '../_support/random.ts';
import { hostFor, ownPrefix } from './_snapshots.ts';

const test = anyTest as TestFn;
const ending = endingOf(test);
const check = redisIsHere ? test : test.skip;

let redis: RedisServer;
test.before(async () => {
  if (redisIsHere) redis = await startRedis(ending);
});

interface Page {
  readonly data: { readonly events: readonly object[]; readonly next_cursor: string | null };
}

/** The worker of a host: what it serves changes only at a refresh. */
async function workerFor(
  t: ExecutionContext,
  prefix: string,
): Promise<Client & { refresh(): Promise<boolean> }> {
  const { store } = await hostFor(t, redis.url, { prefix });
  const directory = await mkdtemp(join(tmpdir(), 'marquee-events-'));
  // Segments may still be being written.
  t.teardown(() => rm(directory, { recursive: true, force: true, maxRetries: 10 }));
  const disk = await openLocalStore(directory, 0);
  const mirror = createMirror(
    store,
    disk,
    () => performance.now(),
    () => undefined,
  );
  const editions = createEditions({ store: mirror, now: () => performance.now() });
  const refresher = createRefresher({
    store: mirror,
    swapped: (view) => editions.swapped(view),
    refused: (_version, reason) => t.fail(reason),
  });
  const current = () => refresher.view;
  const client = await clientOf(
    t,
    createApiServer(
      createSearchHandler({ ...headerOptions(), currentView: current, cacheBytesMax: 1_000_000 }),
      createEventsHandler({ ...headerOptions(), current, find: editions.find, load: editions.load }),
      createApp(),
      { connectionsMax: 100, overload: createOverload(0) },
    ),
  );
  return { ...client, refresh: () => refresher.refresh() };
}

check(
  'two hosts answer the pages of one walk in turns, also one that never served its version',
  async (t) => {
    const prefix = ownPrefix();
    const publisher = await hostFor(t, redis.url, { prefix });
    await publisher.lead();
    const year = { from: Date.UTC(2021, 0, 1), to: Date.UTC(2021, 11, 31) };
    const all = randomEvents(randomOf(7), { events: 600, ...year });
    const versionOf = (version: number) =>
      all.map((event) => ({ ...event, title: `${event.title} ${version}` }));
    const publish = (version: number) => publishAll(publisher.store, version, versionOf(version), 100);
    const [first, second] = [await workerFor(t, prefix), await workerFor(t, prefix)];
    await publish(1);
    t.true(await second.refresh());
    await publish(2);
    t.true(await first.refresh());
    const seen: string[] = [];
    let cursor: string | null = '';
    let begun = '';
    for (let page = 0; cursor !== null; page++) {
      // From version 2 on, every page finds the hosts at other versions.
      const host = page % 2 === 0 ? first : second;
      if (page > 0) {
        await publish(2 + page);
        if (page % 3 === 0) await host.refresh();
      }
      const answer = await host.get(`/events?limit=97${cursor === '' ? '' : `&cursor=${cursor}`}`);
      t.is(answer.status, 200, `page ${page}`);
      const { data } = (await answer.json()) as Page;
      seen.push(...data.events.map((event) => JSON.stringify(event)));
      cursor = data.next_cursor;
      if (page === 0) begun = String(cursor);
    }
    t.deepEqual(
      seen,
      eventTruths(versionOf(2), {}).map((event) => jsonOf(event)),
    );
    // A host that starts later reads the version from Redis, as long as it is kept there.
    const third = await workerFor(t, prefix);
    await third.refresh();
    t.is((await third.get(`/events?cursor=${begun}`)).status, 200);
    for (let version = 20; version < 20 + manifestsKept; version++) await publish(version);
    await publisher.store.prune();
    const fourth = await workerFor(t, prefix);
    await fourth.refresh();
    const gone = await fourth.get(`/events?cursor=${begun}`);
    t.is(gone.status, 410);
    t.like(await gone.json(), { error: { code: 'cursor_expired' } });
    t.is((await third.get(`/events?cursor=${begun}`)).status, 200, 'it is in its memory');
  },
);
