// The archive in a database that other applications use too, with tables of the same names.

import anyTest, { type ExecutionContext, type TestFn } from 'ava';
import { openArchive, type Archive } from '#/archive/archive.ts';
import { endingOf } from '../_servers/ending.ts';
import { postgresIsHere, startPostgres, type PostgresServer } from '../_servers/postgres.ts';
import { beginRun, recordOf } from './_observed.ts';

const test = anyTest as TestFn;
const ending = endingOf(test);
const check = postgresIsHere ? test : test.skip;

let postgres: PostgresServer;
test.before(async () => {
  if (postgresIsHere) postgres = await startPostgres(ending);
});

const foreign =
  'create table event (name text); insert into event values (1); create table journal (page text)';

async function opened(t: ExecutionContext, url: string): Promise<Archive> {
  const archive = await openArchive(url);
  t.teardown(() => archive.close());
  return archive;
}

/** Absorbs one event, and gives the number that the archive has then. */
async function absorbOne(archive: Archive, base: string): Promise<number> {
  await archive.absorb(await beginRun(archive), [recordOf(base, [{}])]);
  const counts = await archive.frozen((catalogue) => catalogue.dayCounts());
  return [...counts.values()].reduce((sum, events) => sum + events, 0);
}

check('tables of another application that come after the archive stay as they are', async (t) => {
  const url = await postgres.database();
  t.is(await absorbOne(await opened(t, url), 'a'), 1);
  await postgres.ask(url, foreign);
  t.is(await absorbOne(await opened(t, url), 'b'), 2);
  t.is((await postgres.ask(url, 'select * from event')).length, 1);
});

check(
  'in a schema of its own the archive is created, and found again, next to any tables of others',
  async (t) => {
    const url = await postgres.database();
    // Another application that uses Kysely, too.
    await postgres.ask(url, `${foreign}; create table kysely_migration (name text, timestamp text)`);
    await postgres.ask(url, `insert into kysely_migration values ('first', ''); create schema "Marquee one"`);
    const own = `${url}?options=${encodeURIComponent('-c search_path="Marquee\\ one",public')}`;
    t.is(await absorbOne(await opened(t, own), 'a'), 1);
    t.is(await absorbOne(await opened(t, own), 'b'), 2);
    t.is((await postgres.ask(url, 'select * from event')).length, 1);
    // A schema that comes earlier in the search path does not hide it.
    await postgres.ask(url, 'create schema earlier');
    const path = encodeURIComponent('-c search_path=earlier,"Marquee\\ one",public');
    t.is(await absorbOne(await opened(t, `${url}?options=${path}`), 'c'), 3);
  },
);

check('where another application has a table of the same name, an archive is not created', async (t) => {
  const url = await postgres.database();
  await postgres.ask(url, foreign);
  await t.throwsAsync(openArchive(url), {
    message:
      /^Got event, journal of another application in schema public .* Give Marquee a database of its own, or a schema/,
  });
  t.is((await postgres.ask(url, `select * from pg_tables where schemaname = 'public'`)).length, 2);
});
