// Two providers absorb at the same time: PostgreSQL numbers journal entries in another order than their transactions commit.

import { setTimeout as sleep } from 'node:timers/promises';
import anyTest, { type ExecutionContext, type TestFn } from 'ava';
import { Client } from 'pg';
import { openArchive, type Archive } from '#/archive/archive.ts';
import { openPast } from '#/archive/history/reader.ts';
import { dayOf } from '#/domain/time/calendar.ts';
import { endingOf } from '../_servers/ending.ts';
import { postgresIsHere, startPostgres, type PostgresServer } from '../_servers/postgres.ts';
import { until } from '../_servers/server.ts';
import { seededFor } from '../_support/random.ts';
import { eventsIn } from '../_support/events-in.ts';
import { beginRun, evening, faultyRecord, hourMs, recordOf } from './_observed.ts';

const test = anyTest as TestFn;
const ending = endingOf(test);
const check = postgresIsHere ? test : test.skip;

let postgres: PostgresServer;
test.before(async () => {
  if (postgresIsHere) postgres = await startPostgres(ending);
});

async function archiveFor(t: ExecutionContext): Promise<{ archive: Archive; url: string }> {
  const url = await postgres.database();
  const archive = await openArchive(url);
  t.teardown(() => archive.close());
  return { archive, url };
}

const dayMs = 24 * hourMs;
const firstDay = dayOf(evening);
/** An event of this provider that starts so many days after the first day. */
const event = (provider: string, day: number, title: string) => ({
  provider,
  title,
  start: evening + day * dayMs,
});

/** Transactions that write to the quarantine wait before they commit, until the returned function is called. */
async function holdQuarantine(t: ExecutionContext, url: string): Promise<() => Promise<unknown>> {
  const blocker = new Client({ connectionString: url });
  await blocker.connect();
  t.teardown(() => blocker.end());
  await blocker.query('begin; update quarantine set times = times');
  return () => blocker.query('rollback');
}

const isWaiting = (url: string): Promise<void> =>
  until('the transaction waits', async () => {
    const waiting = `datname = current_database() and wait_event_type = 'Lock'`;
    return (await postgres.ask(url, `select 1 from pg_stat_activity where ${waiting}`)).length > 0;
  });

check('a day that is marked by a transaction which commits late is published later', async (t) => {
  const { archive, url } = await archiveFor(t);
  const slow = (title: string) => faultyRecord('slow', 'refused', [event('slow', 0, title)]);
  await archive.absorb(await beginRun(archive, 1000, 'slow'), [slow('before')]);
  const first = await archive.frozen((catalogue) => catalogue.dirtyDays());
  await archive.cleanDays(first);

  // 1. The transaction of `slow` has written its journal and marked its day, and waits for a row of the quarantine
  const goOn = await holdQuarantine(t, url);
  const committed = archive.absorb(await beginRun(archive, 2000, 'slow'), [slow('after')]);
  await isWaiting(url);
  // 2. Another provider has higher journal numbers, and commits first
  await archive.absorb(await beginRun(archive, 2000, 'fast'), [recordOf('fast', [event('fast', 3, 'fast')])]);
  const cut = await archive.frozen((catalogue) => catalogue.dirtyDays());
  t.deepEqual(cut.days, [firstDay + 3]);
  // 3. `slow` commits; then the publisher has published what it had read
  await goOn();
  await committed;
  await archive.cleanDays(cut);
  t.deepEqual((await archive.frozen((catalogue) => catalogue.dirtyDays())).days, [firstDay]);
});

check(
  'an event that a reader sees online is not taken back by a transaction that commits later',
  async (t) => {
    const { archive, url } = await archiveFor(t);
    await archive.absorb(await beginRun(archive, 1000, 'slow'), [faultyRecord('other', 'refused')]);
    const run = await beginRun(archive, 2000, 'slow');
    await archive.absorb(run, [recordOf('base', [event('slow', 0, 'online')])]);
    const goOn = await holdQuarantine(t, url);
    const committed = archive.absorb(run, [
      { ...recordOf('base', [{ ...event('slow', 0, 'taken back'), offline: true }]), offset: 9 },
      faultyRecord('other', 'refused'),
    ]);
    await isWaiting(url);
    const titles = async (): Promise<string[]> => (await eventsIn(archive)).map(({ title }) => title);
    const reading = titles();
    // Enough for a reader that does not wait.
    await Promise.race([reading, sleep(500)]);
    await goOn();
    await committed;
    t.deepEqual(await titles(), await reading);
  },
);

check('a day that two providers change at the same time stays marked for the later commit', async (t) => {
  const { archive, url } = await archiveFor(t);
  for (const provider of ['a', 'b'])
    await archive.absorb(await beginRun(archive, 1000, provider), [
      recordOf(provider, [event(provider, 0, provider)]),
    ]);
  const cut = await archive.frozen((catalogue) => catalogue.dirtyDays());
  // The number of a later commit is any other one.
  await postgres.ask(url, 'update dirty_day set seq = 1');
  await archive.cleanDays(cut);
  const left = await archive.frozen((catalogue) => catalogue.dirtyDays());
  t.deepEqual(left.days, [firstDay]);
  await archive.cleanDays(left);
  t.deepEqual((await archive.frozen((catalogue) => catalogue.dirtyDays())).days, []);
});

check('providers whose changes meet on the same days, in any order, do not block each other', async (t) => {
  const { archive } = await archiveFor(t);
  const random = seededFor(t);
  const days = Array.from({ length: 300 }, (_, day) => day);
  for (let round = 0; round < 6; round++) {
    const recordsOf = (provider: string) =>
      random
        .shuffled(days)
        .map((day) => recordOf(String(day), [event(provider, day, `${provider} ${round}`)]));
    const absorbing = ['a', 'b', 'c'].map(async (provider) =>
      archive.absorb(await beginRun(archive, 1000 + round, provider), recordsOf(provider)),
    );
    const cleaning = (async () => {
      for (let i = 0; i < 5; i++)
        await archive.cleanDays(await archive.frozen((catalogue) => catalogue.dirtyDays()));
    })();
    await t.notThrowsAsync(Promise.all([...absorbing, cleaning]));
  }
});

check('a reader of the latest changes waits for entries that a slower transaction will commit', async (t) => {
  const { archive, url } = await archiveFor(t);
  const slow = (title: string) => faultyRecord('slow', 'refused', [event('slow', 0, title)]);
  await archive.absorb(await beginRun(archive, 1000, 'slow'), [slow('before')]);
  const past = await openPast(url, () => undefined);
  t.teardown(() => past.close());
  const seqs = async (after = 0): Promise<number[]> =>
    (await past.latest({ archive: null, after, upTo: 1_000_000, limit: 100 })).events.map(({ seq }) => seq);
  const [before = 0] = await seqs();
  t.true(before > 0);

  const goOn = await holdQuarantine(t, url);
  const committed = archive.absorb(await beginRun(archive, 2000, 'slow'), [slow('after')]);
  await isWaiting(url);
  await archive.absorb(await beginRun(archive, 2000, 'fast'), [recordOf('fast', [event('fast', 3, 'fast')])]);
  // The entry of `fast` is there, and has a higher number than that of `slow`, which is not.
  t.deepEqual(await seqs(before), []);
  t.deepEqual(await seqs(), [before]);
  await goOn();
  await committed;
  t.is((await seqs(before)).length, 2);
});
