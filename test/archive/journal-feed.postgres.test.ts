// Clients of /changes whose versions are all gone continue from the journal: over the whole pipeline with SQLite, and the query
// alone in PostgreSQL. `SEED=… npx ava test/archive/journal-feed.postgres.test.ts` repeats a run.

import { join } from 'node:path';
import anyTest, { type ExecutionContext, type TestFn } from 'ava';
import { Kysely, type Dialect } from 'kysely';
import { openArchive } from '#/archive/archive.ts';
import { journalSlice } from '#/archive/feed/slice.ts';
import { postgresDialect } from '#/archive/postgres.ts';
import { inThisThread, openSqlite } from '#/archive/sqlite/database.ts';
import { sqliteDialect } from '#/archive/sqlite/dialect.ts';
import type { Tables } from '#/archive/tables/schema.ts';
import type { JournalReader } from '#/domain/journaled.ts';
import { createChangesReader, type ChangesPage, type ChangesReader } from '#/search/changes/reader.ts';
import { beginning, type Position } from '#/search/changes/token.ts';
import { editionOf } from '#/search/events/edition.ts';
import { endingOf } from '../_servers/ending.ts';
import { postgresIsHere, startPostgres, type PostgresServer } from '../_servers/postgres.ts';
import { base, feed, plan, type FeedBase } from '../_support/feeds.ts';
import { jsonOf } from '../_support/event-truths.ts';
import { eventsIn } from '../_support/events-in.ts';
import { openPipeline, type Pipeline } from '../_support/pipeline.ts';
import { seededFor, type Random } from '../_support/random.ts';
import { beginRun, recordOf } from './_observed.ts';

const test = anyTest as TestFn;
const ending = endingOf(test);
const onPostgres = postgresIsHere ? test : test.skip;

let postgres: PostgresServer;
test.before(async () => {
  if (postgresIsHere) postgres = await startPostgres(ending);
});

/** A second connection to the archive. */
function journalOf(t: ExecutionContext, dialect: Dialect): JournalReader {
  const db = new Kysely<Tables>({ dialect });
  t.teardown(() => db.destroy());
  return { slice: (query) => db.transaction().execute((tx) => journalSlice(tx, query)) };
}

const sqliteJournal = (t: ExecutionContext, { directory }: Pipeline): JournalReader =>
  journalOf(t, sqliteDialect(inThisThread(openSqlite(join(directory, 'archive.sqlite')))));

/** A worker that has no version but the current one. */
const workerOf = (
  { view }: { readonly view: Pipeline['view'] },
  journal: JournalReader | null,
): ChangesReader =>
  createChangesReader({
    current: () => view,
    find: () => null,
    load: () => Promise.resolve(null),
    isPinned: () => false,
    journal,
  });

async function pageOf(
  reader: ChangesReader,
  position: Position,
  limit = 1000,
  provider: string | null = null,
): Promise<ChangesPage> {
  const page = await reader.read({ position, provider, limit });
  if (typeof page === 'string') throw new Error(`Got ${page}, expected a page.`);
  return page;
}

interface Change {
  readonly change: string;
  readonly id: string;
  readonly event: { readonly title: string };
}

const changesOn = ({ changes }: ChangesPage): Change[] => JSON.parse(`[${changes.toString()}]`) as Change[];

const nightAt = (i: number) => `2031-0${1 + (i % 9)}-${10 + (i % 18)}`;
const baseAt = (i: number, given: Partial<FeedBase> = {}, day = nightAt(i)): FeedBase =>
  base({
    id: String(i),
    title: `Night ${i}`,
    plans: [plan({ start: `${day}T20:00:00`, end: `${day}T21:00:00` })],
    ...given,
  });

/** Some bases are different, gone or back. */
function changed(random: Random, bases: Map<number, FeedBase>): FeedBase[] {
  for (let n = random.int(0, 6); n > 0; n--) {
    const i = random.int(0, 80);
    if (random.chance(0.25)) bases.delete(i);
    else
      bases.set(
        i,
        baseAt(
          i,
          { title: `Night ${i} ${random.int(0, 3)}`, sellMode: random.pick(['online', 'offline']) },
          nightAt(random.chance(0.2) ? i + 1 : i),
        ),
      );
  }
  return [...bases.values()];
}

test('a client that only the journal can help has exactly the catalogue, while it changes', async (t) => {
  const random = seededFor(t);
  const line = await openPipeline(t);
  const connected = sqliteJournal(t, line);
  let slices = 0;
  const journal: JournalReader = {
    slice(query) {
      slices++;
      return connected.slice(query);
    },
  };
  const bases = new Map(Array.from({ length: 60 }, (_, i) => [i, baseAt(i)]));
  await line.tell(feed([...bases.values()]));
  const copy = new Map<string, string>();
  let position = beginning;
  const ask = async (): Promise<boolean> => {
    // Every worker is a new one: it has no version, and no changes that it found before.
    const page = await pageOf(workerOf(line, journal), position, random.pick([3, 10, 100]));
    const changes = changesOn(page);
    t.is(new Set(changes.map(({ id }) => id)).size, changes.length, 'each event once on a page');
    for (const { id, event } of changes) copy.set(id, JSON.stringify(event));
    position = page.next;
    return page.hasMore;
  };
  position = (await pageOf(workerOf(line, journal), position)).next;
  for (const event of await eventsIn(line.archive)) copy.set(event.id, jsonOf(event));
  for (let round = 0; round < 12; round++) {
    for (let n = random.int(1, 4); n > 0; n--) await line.tell(feed(changed(random, bases)));
    // The catalogue changes between pages as well.
    while (await ask()) if (random.chance(0.2)) await line.tell(feed(changed(random, bases)));
    const wanted = await eventsIn(line.archive);
    t.deepEqual(
      [...copy].toSorted(),
      wanted.map((event): [string, string] => [event.id, jsonOf(event)]).toSorted(),
      `round ${round}`,
    );
  }
  t.log(`${slices} slices of the journal`);
  t.true(slices >= 12);
});

test('a change from the journal is named by what the event was before', async (t) => {
  const line = await openPipeline(t);
  const journal = sqliteJournal(t, line);
  await line.tell(feed([1, 2, 3, 4, 5, 6].map((i) => baseAt(i, i === 4 ? { sellMode: 'offline' } : {}))));
  await line.tell(feed([1, 2, 3, 4, 6].map((i) => baseAt(i))));
  const { next } = await pageOf(workerOf(line, journal), beginning);
  await line.tell(
    feed([
      baseAt(1, { title: 'Other' }),
      baseAt(2, { sellMode: 'offline' }),
      baseAt(4),
      baseAt(5),
      baseAt(6),
      baseAt(7),
    ]),
  );
  await line.tell(
    feed([
      baseAt(1, { title: 'Another' }),
      baseAt(2, { sellMode: 'offline' }),
      baseAt(4),
      baseAt(5),
      baseAt(6),
      baseAt(7),
    ]),
  );
  const page = await pageOf(workerOf(line, journal), next);
  const kinds = changesOn(page).map(({ change, event }) => [event.title, change]);
  t.deepEqual(Object.fromEntries(kinds), {
    Another: 'changed',
    'Night 2': 'offline',
    'Night 3': 'withdrawn',
    'Night 5': 'back',
    'Night 7': 'new',
  });
  t.is(kinds.length, 5);
  t.like(page, { hasMore: false });
  t.is((await pageOf(workerOf(line, journal), next, 1000, 'nobody')).count, 0);
});

test('a token of another archive, or of one that did not publish its version, must begin again', async (t) => {
  const [line, other] = [await openPipeline(t), await openPipeline(t)];
  for (const one of [line, other])
    for (const title of ['a', 'b', 'c'])
      await one.tell(feed([baseAt(1, { title: `${title} of ${one.directory}` })]));
  const { next } = await pageOf(workerOf(line, null), beginning);
  await line.tell(feed([baseAt(1, { title: 'd' })]));
  const read = (reader: ChangesReader, position: Position) =>
    reader.read({ position, provider: null, limit: 10 });
  t.is((await pageOf(workerOf(line, sqliteJournal(t, line)), next)).count, 1);
  t.is(await read(workerOf(line, null), next), 'gone');
  t.is(await read(workerOf(other, sqliteJournal(t, other)), next), 'gone');
  const published = next.base!.published!;
  for (const wrong of [
    { ...published, stamp: published.stamp ^ 1 },
    { ...published, version: 99 },
    { ...published, seq: published.seq - 1 },
  ]) {
    const position = { ...next, base: { ...next.base!, published: wrong } };
    t.is(await read(workerOf(line, sqliteJournal(t, line)), position), 'gone');
  }
  t.is(editionOf(line.view)?.published?.version, 4);
  const away = workerOf(line, { slice: () => Promise.reject(new Error('The archive is away.')) });
  await t.throwsAsync(read(away, next), { message: 'The archive is away.' });
});

onPostgres(
  'PostgreSQL returns what may have been committed late, and the slices of a journal in order',
  async (t) => {
    const url = await postgres.database();
    const archive = await openArchive(url);
    t.teardown(() => archive.close());
    const journal = journalOf(
      t,
      postgresDialect(url, () => undefined),
    );
    const run = await beginRun(archive, 1000, 'p');
    for (let i = 0; i < 5; i++)
      await archive.absorb(run, [recordOf(`b${i}`, [{ planId: '1', title: `Night ${i}` }])]);
    const { version, stamp } = await archive.nextVersion(0);
    const at = 10_000_000;
    await archive.notePublished({ version, seq: 3, at, events: 3 });
    const archiveBits = Number.parseInt((await archive.identity()).slice(0, 8), 16);
    const since = { version, seq: 3, archive: archiveBits, stamp: Number.parseInt(stamp.slice(0, 8), 16) };
    const first = await journal.slice({ since, after: null, upTo: 5, limit: 2 });
    // No version was published long enough before this one.
    t.like(first, { seq: 2 });
    t.is(first?.events.length, 2);
    t.true(first?.events.every(({ before, id }) => before === null && id.length === 36));
    const second = await journal.slice({ since, after: 2, upTo: 4, limit: 3 });
    t.like(second, { seq: null });
    t.is(second?.events.length, 2);
    // Everything up to entry 2 was committed before this version.
    const later = await archive.nextVersion(0);
    await archive.notePublished({ version: later.version, seq: 4, at: at + 700_000, events: 4 });
    const from = {
      ...since,
      version: later.version,
      seq: 4,
      stamp: Number.parseInt(later.stamp.slice(0, 8), 16),
    };
    t.is((await journal.slice({ since: from, after: null, upTo: 5, limit: 9 }))?.events.length, 2);
  },
);
