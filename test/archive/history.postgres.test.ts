// The journal as clients read it: histories of events, and what they were, on both databases.

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import anyTest, { type ExecutionContext, type TestFn } from 'ava';
import { createCompanions } from '#/api/companions.ts';
import { createEditions } from '#/api/editions.ts';
import { createPast } from '#/api/past.ts';
import { openPast, type PastReader } from '#/archive/history/reader.ts';
import { endingOf } from '../_servers/ending.ts';
import { postgresIsHere, startPostgres, type PostgresServer } from '../_servers/postgres.ts';
import { apiFor } from '../_support/api.ts';
import { directoryFor } from '../_support/directory.ts';
import {
  createChangingFeed,
  createEventModel,
  type EventModel,
  type ModelState,
} from '../_support/event-model.ts';
import { base, feed } from '../_support/feeds.ts';
import { isLong } from '../_support/long.ts';
import { openPipeline } from '../_support/pipeline.ts';
import { seededFor } from '../_support/random.ts';

const test = anyTest as TestFn;
const ending = endingOf(test);

let postgres: PostgresServer;
test.before(async () => {
  if (postgresIsHere) postgres = await startPostgres(ending);
});

const kinds = ['SQLite', 'PostgreSQL'] as const;
const urlFor = async (t: ExecutionContext, kind: (typeof kinds)[number]): Promise<string> =>
  kind === 'PostgreSQL' ? postgres.database() : `sqlite:${join(await directoryFor(t), 'archive.sqlite')}`;

const epoch = Date.UTC(2026, 0, 1);
const everyMs = 3_600_000;
const rounds = isLong ? 10 : 6;

interface Answered {
  readonly data: {
    readonly event: Record<string, unknown>;
    readonly changes: readonly {
      readonly at: string;
      readonly kind: string;
      readonly before: object | null;
      readonly after: object;
    }[];
    readonly next_cursor: string | null;
  } | null;
  readonly error: { readonly code: string } | null;
}

const pastOf = (url: string) =>
  createPast({ open: (failed) => openPast(url, failed), now: () => performance.now(), waitMs: 10_000 });

/** What a change reports, of two states of the model. */
function change(before: ModelState | undefined, after: ModelState): object {
  const fields = ({ base: own, plan, listed }: ModelState): Record<string, unknown> => {
    const prices = plan.zones.map(({ price }) => Number(price));
    const seats = plan.zones.map(({ capacity }) => Number(capacity));
    return {
      title: own.title,
      start_date: plan.start.slice(0, 10),
      start_time: plan.start.slice(11),
      end_date: plan.end.slice(0, 10),
      end_time: plan.end.slice(11),
      min_price: prices.length === 0 ? null : Math.min(...prices),
      max_price: prices.length === 0 ? null : Math.max(...prices),
      starts_at: `${plan.start}Z`,
      ends_at: `${plan.end}Z`,
      sell_mode: own.sellMode,
      sell_from: '2020-07-01T00:00:00',
      sell_to: '2021-06-30T20:00:00',
      sold_out: false,
      capacity: seats.length === 0 ? null : seats.reduce((a, b) => a + b, 0),
      listed,
      status: 'scheduled',
      zones: plan.zones.map((zone) => ({
        id: zone.id,
        name: 'Stalls',
        price: Number(zone.price),
        capacity: Number(zone.capacity),
        numbered: true,
      })),
    };
  };
  const now = fields(after);
  const then = before === undefined ? null : fields(before);
  const names = Object.keys(now).filter((name) => JSON.stringify(now[name]) !== JSON.stringify(then?.[name]));
  const some = (from: Record<string, unknown>): object =>
    Object.fromEntries(names.map((name) => [name, from[name]]));
  return {
    at: new Date(after.at).toISOString(),
    kind: after.kind,
    before: then === null ? null : some(then),
    after: some(now),
  };
}

const changesIn = (model: EventModel, id: string, until = Infinity): object[] => {
  const states = model.states(id).filter(({ at }) => at <= until);
  return states.map((state, i) => change(states[i - 1], state)).toReversed();
};

for (const kind of kinds) {
  const check = kind === 'SQLite' || postgresIsHere ? test : test.skip;

  check(
    `${kind}: histories, and events as of instants and versions, are those of a model of changes`,
    async (t) => {
      const random = seededFor(t);
      const url = await urlFor(t, kind);
      let now = epoch;
      const line = await openPipeline(t, [{}], { archiveUrl: url, now: () => now });
      const model = createEventModel();
      const next = createChangingFeed(random, 8);
      const past = pastOf(url);
      t.teardown(() => past.close());
      const editions = createEditions({
        store: { ...line.store, trouble: null },
        now: () => performance.now(),
      });
      const companions = createCompanions({ store: line.store });
      const api = await apiFor(t, () => line.view, { companions, past, viewOf: editions.viewOf });
      const get = async (path: string): Promise<Answered> => (await (await api.get(path)).json()) as Answered;
      const versions = new Map<number, number>();
      for (let round = 0; round < rounds; round++) {
        const bases = next();
        await line.tell(feed(bases));
        model.hear('default', now, bases);
        // A round that changes only events that were never online publishes nothing: the version stays as of its first instant.
        if (!versions.has(line.view.version)) versions.set(line.view.version, now);
        now += everyMs;
      }
      for (const id of model.ids()) {
        const isKnown = model.event(id) !== null;
        // The whole history, in pages of random lengths.
        const seen: object[] = [];
        for (let cursor: string | null = ''; cursor !== null;) {
          const limit = random.int(1, 4);
          const { data, error } = await get(
            `/events/${id}/history?limit=${limit}${cursor === '' ? '' : `&cursor=${cursor}`}`,
          );
          if (!isKnown) t.is(error?.code, 'event_unknown');
          seen.push(
            ...(data?.changes ?? []).map(({ at, kind: of, before, after }) => ({
              at,
              kind: of,
              before,
              after,
            })),
          );
          cursor = data?.next_cursor ?? null;
        }
        t.deepEqual(seen, isKnown ? changesIn(model, id) : []);
        for (let times = 0; times < (isLong ? 4 : 2); times++) {
          const at = epoch + random.int(-1, rounds - 1) * everyMs + random.pick([-1, 0, 1, 1000]);
          const text = new Date(at).toISOString();
          const then = await get(`/events/${id}?as_of=${text}`);
          t.deepEqual(then.data?.event ?? null, model.event(id, at), `${id} at ${text}`);
          if (isKnown) {
            const { data } = await get(`/events/${id}/history?as_of=${text}`);
            t.is(data?.changes.length, changesIn(model, id, at).length);
          }
        }
        const [version, at] = random.pick([...versions]);
        const then = await get(`/events/${id}?as_of=${version}`);
        t.deepEqual(then.data?.event ?? null, model.event(id, at), `${id} in version ${version}`);
        if (isKnown) {
          const { data } = await get(`/events/${id}/history?as_of=${version}`);
          t.is(
            data?.changes.length,
            changesIn(model, id, at).length,
            `changes of ${id} until version ${version}`,
          );
        }
      }
    },
  );

  check(`${kind}: while the archive is being written to, its journal is read`, async (t) => {
    const url = await urlFor(t, kind);
    const line = await openPipeline(t, [{}], { archiveUrl: url });
    await line.tell(feed([base()]));
    const [{ id } = { id: '' }] = line.events();
    const past = pastOf(url);
    t.teardown(() => past.close());
    await line.archive.frozen(async () => {
      const page = await past.changes(id, Infinity, null, 10);
      t.true('changes' in page && page.changes.length === 1);
    });
    if (kind === 'PostgreSQL') return;
    const writer = new DatabaseSync(url.replace('sqlite:', ''));
    t.teardown(() => writer.close());
    writer.exec(`begin immediate; update known_event set listing = 'withdrawn'`);
    const page = await past.changes(id, Infinity, null, 10);
    t.true('changes' in page && page.changes[0]?.after.listed);
    writer.exec('rollback');
  });
}

test('as_of of the future and of versions that are gone are refused with codes of their own', async (t) => {
  const line = await openPipeline(t);
  const viewOf = createEditions({
    store: { ...line.store, trouble: null },
    now: () => performance.now(),
  }).viewOf;
  const past = pastOf(`sqlite:${join(line.directory, 'archive.sqlite')}`);
  t.teardown(() => past.close());
  const api = await apiFor(t, () => line.view, { viewOf, past });
  for (let i = 0; i < 20; i++) await line.tell(feed([base({ title: `Title ${i}` })]));
  const path = `/events/${line.events()[0]!.id}`;
  const codeOf = async (query: string): Promise<unknown[]> => {
    const answer = await api.get(`${path}${query}`);
    return [answer.status, ((await answer.json()) as Answered).error?.code];
  };
  t.deepEqual(await codeOf('?as_of=20'), [200, undefined]);
  t.deepEqual(await codeOf('?as_of=19'), [200, undefined]);
  t.deepEqual(await codeOf('?as_of=1'), [410, 'version_expired']);
  t.deepEqual(await codeOf('?as_of=21'), [400, 'as_of_future']);
  t.deepEqual(await codeOf('?as_of=2999-01-01'), [400, 'as_of_future']);
  t.deepEqual(await codeOf('?as_of=2021-02-30'), [400, 'date_impossible']);
  t.deepEqual(await codeOf('?as_of=soon'), [400, 'instant_unreadable']);
  // The archive knows its versions also when their snapshots have gone.
  t.deepEqual(await codeOf('/history?as_of=1'), [200, undefined]);
  t.deepEqual(await codeOf('/history?cursor=0'), [400, 'parameter_invalid']);
  t.deepEqual(await codeOf('/history?limit=201'), [400, 'parameter_invalid']);
});

test('on a host without the archive, histories are 503, and the event is answered', async (t) => {
  const line = await openPipeline(t);
  await line.tell(feed([base()]));
  const directory = await directoryFor(t);
  const past = pastOf(`sqlite:${join(directory, 'none.sqlite')}`);
  t.teardown(() => past.close());
  const api = await apiFor(t, () => line.view, { past });
  const path = `/events/${line.events()[0]!.id}`;
  for (const query of ['/history', '?as_of=2026-01-01']) {
    const answer = await api.get(path + query);
    t.deepEqual([answer.status, answer.headers.get('retry-after')], [503, '5']);
    t.is(((await answer.json()) as Answered).error?.code, 'archive_unavailable');
  }
  t.is((await api.get(path)).status, 200);
  // Nothing was created.
  t.throws(() => new DatabaseSync(join(directory, 'none.sqlite'), { readOnly: true }));
});

// Serial tests come first: nobody else uses the server yet.
(postgresIsHere ? test.serial : test.skip)(
  'while PostgreSQL is away, histories are 503; when it is back, they are read',
  async (t) => {
    const url = await postgres.database();
    const line = await openPipeline(t, [{}], { archiveUrl: url });
    await line.tell(feed([base()]));
    const [{ id } = { id: '' }] = line.events();
    const past = pastOf(url);
    t.teardown(() => past.close());
    t.true('changes' in (await past.changes(id, Infinity, null, 10)));
    await postgres.kill();
    await t.throwsAsync(past.changes(id, Infinity, null, 10));
    await postgres.start();
    t.true('changes' in (await past.changes(id, Infinity, null, 10)));
  },
);

test('reads of an archive that does not answer end in time, are few, and do not pile up', async (t) => {
  let opened = 0;
  let closed = 0;
  let isHung = true;
  let now = 0;
  const never = new Promise<never>(() => undefined);
  const reader = {
    changes: () => (isHung ? never : Promise.resolve({ changes: [], hasMore: false })),
    eventAt: () => Promise.resolve(null),
    slice: () => Promise.resolve(null),
    latest: () => Promise.resolve({ events: [], looked: null }),
    close: () => Promise.resolve(void closed++),
  } as PastReader;
  const past = createPast({
    open: () => {
      opened++;
      return Promise.resolve(reader);
    },
    now: () => now,
    waitMs: 30,
    openingWaitMs: 30,
  });
  const ask = () => past.changes('id', Infinity, null, 1);
  const asked = await Promise.allSettled(Array.from({ length: 40 }, ask));
  t.true(asked.every(({ status }) => status === 'rejected'));
  t.is(past.running, 16);
  t.is(opened, 1);
  // For a while others are refused at once, whatever they ask.
  await t.throwsAsync(past.eventAt('id', 0), { message: /before/ });
  now = 6000;
  isHung = false;
  await t.throwsAsync(ask(), { message: /running/ });
  await past.close();
  t.is(closed, 1);
  await sleep(1);
});

test('reads wait longer while the reader is being opened, and not once it has answered', async (t) => {
  let now = 0;
  let isHung = false;
  const opened = Promise.withResolvers<void>();
  const reader = {
    eventAt: () => (isHung ? new Promise<never>(() => undefined) : Promise.resolve(null)),
    close: () => Promise.resolve(),
  } as unknown as PastReader;
  const past = createPast({
    open: () => opened.promise.then(() => reader),
    now: () => now,
    waitMs: 10,
    openingWaitMs: 60_000,
  });
  t.teardown(() => past.close());
  const first = past.eventAt('id', 0);
  await sleep(30);
  opened.resolve();
  t.is(await first, null);
  isHung = true;
  await t.throwsAsync(past.eventAt('id', 0), { message: /within 10 ms/ });
  // A reader that was closed is opened again, with the longer wait.
  await past.close();
  [now, isHung] = [6000, false];
  t.is(await past.eventAt('id', 0), null);
});
