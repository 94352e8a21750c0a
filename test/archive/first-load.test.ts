// The first load of a SQLite archive, which is written without secondary indexes.

import { copyFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import test from 'ava';
import { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import type { Archive } from '#/archive/archive.ts';
import { FencedOff } from '#/archive/leader.ts';
import { sqliteDialectOn } from '#/archive/sqlite/dialect.ts';
import { migrations } from '#/archive/tables/migrations.ts';
import { archiveAt } from '../_support/archive.ts';
import { directoryFor } from '../_support/directory.ts';
import { eventsIn, titlesIn } from '../_support/events-in.ts';
import { all, dropped, indexesOf, refusing, runEnd, withDays } from './_indexes.ts';
import { beginRun, freely, recordOf } from './_observed.ts';

async function endedAndMaintained(archive: Archive): Promise<void> {
  await archive.endRun((await beginRun(archive)).id, runEnd);
  await archive.maintain();
}

test('an empty archive is loaded without indexes; whatever needs them builds them, for good or until new events come', async (t) => {
  const directory = await directoryFor(t);
  type Need = (archive: Archive) => Promise<unknown>;
  const pauses: Record<string, Need> = {
    'what is withdrawn': async (archive) => archive.withdrawUnseen(await beginRun(archive), 0, freely),
    'a version': (archive) => eventsIn(archive),
    'the look for events that are not known': (archive) => archive.unknownEvents([]),
    'a key that comes again': async (archive) =>
      archive.absorb(await beginRun(archive, 2000), [recordOf('a', [{ title: 'again' }])]),
    'an event under another key': async (archive) =>
      archive.absorb(await beginRun(archive, 2000), [recordOf('a', [{ title: 'again' }], 'hash', 'b')]),
    'an event that is there twice': async (archive) =>
      archive.absorb(await beginRun(archive, 2000), [
        recordOf('b', [{}]),
        recordOf('b', [{ title: 'again' }]),
      ]),
  };
  const ends: Record<string, Need> = {
    'the end of the run': (archive) => endedAndMaintained(archive),
    'a page': async (archive) => {
      const cursor = { first: 'http://p/', reading: '', next: 'http://p/', begunAgainAt: null };
      return archive.absorbPage(await beginRun(archive), [], cursor, 'http://p/', {});
    },
    'the lead': (archive) => archive.lead(1),
  };
  for (const [what, need] of Object.entries({ ...pauses, ...ends })) {
    const path = join(directory, `${what}.sqlite`);
    const archive = await archiveAt(path);
    t.deepEqual(indexesOf(path), all, what);
    await archive.absorb(await beginRun(archive), [recordOf('a', [{}])]);
    t.deepEqual(indexesOf(path), dropped, what);
    await need(archive);
    const needed = what === 'a version' ? withDays : all;
    t.deepEqual(indexesOf(path), needed, what);
    await archive.absorb(await beginRun(archive, 3000), [recordOf('c', [{}])]);
    t.deepEqual(indexesOf(path), what in pauses ? dropped : all, `${what}: and then new events`);
    if (what in pauses) {
      await need(archive);
      t.deepEqual(indexesOf(path), needed, `${what}: again`);
      await endedAndMaintained(archive);
      await archive.absorb(await beginRun(archive, 3500), [recordOf('e', [{}])]);
      t.deepEqual(indexesOf(path), all, `${what}: the last run has ended`);
    }
    await archive.close();
    const again = await archiveAt(path);
    await again.absorb(await beginRun(again, 4000), [recordOf('d', [{}])]);
    t.deepEqual(indexesOf(path), all, `${what}: the archive is not empty`);
    await again.close();
  }
});

test('the end of a complete first run builds no index before all can be searched', async (t) => {
  const path = join(await directoryFor(t), 'archive.sqlite');
  const archive = await archiveAt(path);
  const run = await beginRun(archive);
  const { added } = await archive.absorb(run, [recordOf('a', [{}]), recordOf('b', [{}, { planId: '2' }])]);
  t.deepEqual(await archive.withdrawUnseen(run, added, freely), { withdrawn: 0, held: null, grown: null });
  await archive.endRun(run.id, runEnd);
  t.deepEqual(indexesOf(path), dropped);
  t.is((await eventsIn(archive)).length, 3);
  t.deepEqual(indexesOf(path), withDays);
  await archive.maintain();
  t.deepEqual(indexesOf(path), all);
  await archive.close();
});

test('withdrawals build the indexes of a first load after a batch that had built them was rolled back', async (t) => {
  const path = join(await directoryFor(t), 'archive.sqlite');
  const archive = await archiveAt(path);
  await archive.absorb(await beginRun(archive), [recordOf('a', [{}])]);
  const other = new DatabaseSync(path);
  await refusing(other, 'insert on dirty_day', async () =>
    t.throwsAsync(archive.absorb(await beginRun(archive), [recordOf('b', [{}]), recordOf('b', [{}])]), {
      message: /refused/,
    }),
  );
  other.close();
  t.deepEqual(indexesOf(path), dropped);
  t.is((await archive.withdrawUnseen(await beginRun(archive, 2000), 0, freely)).withdrawn, 1);
  t.deepEqual(indexesOf(path), all);
  await archive.close();
});

test('withdrawals begin no first load in an archive that is past it', async (t) => {
  const path = join(await directoryFor(t), 'archive.sqlite');
  const archive = await archiveAt(path);
  await archive.absorb(await beginRun(archive), [recordOf('a', [{}])]);
  await endedAndMaintained(archive);
  t.is((await archive.withdrawUnseen(await beginRun(archive, 2000), 0, freely)).withdrawn, 1);
  const other = new DatabaseSync(path, { readOnly: true });
  // Counts the indexes that were dropped and created.
  const schema = () => other.prepare('pragma schema_version').get();
  const before = schema();
  await archive.absorb(await beginRun(archive, 3000), [recordOf('b', [{}])]);
  t.deepEqual(schema(), before);
  other.close();
  await archive.close();
});

test('a log that is large is emptied although the indexes cannot be built', async (t) => {
  const path = join(await directoryFor(t), 'archive.sqlite');
  const archive = await archiveAt(path);
  const run = await beginRun(archive);
  await archive.absorb(run, [recordOf('a', [{}])]);
  await archive.endRun(run.id, { ...runEnd, counts: { added: 20_000 } });
  const other = new DatabaseSync(path);
  other.exec(`insert into known_event select n + 1, id, provider, base_id, plan_id, record_key, listing, facts,
    day, shown, first_seen_at, changed_at, zones from known_event`);
  await t.throwsAsync(archive.maintain(), { message: /UNIQUE/ });
  t.is((await stat(`${path}-wal`)).size, 0);
  other.exec('delete from known_event where n = 2');
  await archive.maintain();
  t.deepEqual(indexesOf(path), all);
  other.close();
  await archive.close();
});

test('a first load that was killed leaves no index missing', async (t) => {
  const directory = await directoryFor(t);
  const [path, copy] = [join(directory, 'archive.sqlite'), join(directory, 'copy.sqlite')];
  const archive = await archiveAt(path);
  await archive.absorb(await beginRun(archive), [recordOf('a', [{ title: 'kept' }])]);
  for (const part of ['', '-wal']) await copyFile(`${path}${part}`, `${copy}${part}`);
  t.deepEqual(indexesOf(copy), dropped);
  await archive.close();
  const again = await archiveAt(copy);
  t.deepEqual(indexesOf(copy), all);
  t.is((await again.absorb(await beginRun(again, 2000), [recordOf('a', [{ title: 'kept' }])])).added, 0);
  t.deepEqual(await titlesIn(again), ['kept']);
  await again.close();
});

test('an archive that an earlier version has filled keeps the index of ids of its table', async (t) => {
  const path = join(await directoryFor(t), 'archive.sqlite');
  const database = new DatabaseSync(path);
  const db = new Kysely({ dialect: sqliteDialectOn(database) });
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve(migrations) } });
  const { error } = await migrator.migrateTo('0009_value_hold');
  t.is(error, undefined);
  database.exec(
    `insert into known_event values (1, x'00', 'other', 'b', 'p', 'k', 'listed', '[]', null, null, 1, 1, null)`,
  );
  await db.destroy();
  for (let opened = 0; opened < 2; opened++) {
    const archive = await archiveAt(path);
    await archive.absorb(await beginRun(archive, 1000 * (opened + 1)), [
      recordOf('a', [{ title: `${opened}` }]),
    ]);
    t.deepEqual(await titlesIn(archive), [`${opened}`]);
    t.deepEqual(
      indexesOf(path),
      [...all.filter((name) => name !== 'known_event_by_id'), 'sqlite_autoindex_known_event_1'].toSorted(),
    );
    await archive.close();
  }
});

test('a batch that ends a first load and is rolled back changes nothing, and the next one is complete', async (t) => {
  const path = join(await directoryFor(t), 'archive.sqlite');
  const archive = await archiveAt(path);
  await archive.lead(1);
  await archive.absorb(await beginRun(archive), [recordOf('a', [{ title: 'one' }])]);
  const other = new DatabaseSync(path);
  const change = [recordOf('a', [{ title: 'two' }])];
  const run = await beginRun(archive, 2000);
  // What the batch writes after the indexes are built.
  await refusing(other, 'update on known_event', async () => {
    await t.throwsAsync(archive.absorb(run, change), { message: /refused/ });
    t.deepEqual(indexesOf(path), dropped);
  });
  other.close();
  t.is((await archive.absorb(await beginRun(archive, 3000), change)).changed, 1);
  t.deepEqual(indexesOf(path), all);
  t.deepEqual(await titlesIn(archive), ['two']);
  await archive.close();
});

test('a leader that was replaced in its first load has no part in the next one', async (t) => {
  const path = join(await directoryFor(t), 'archive.sqlite');
  const [here, there] = [await archiveAt(path), await archiveAt(path)];
  await here.lead(1);
  await here.absorb(await beginRun(here), [recordOf('a', [{ title: 'one' }])]);
  t.deepEqual(indexesOf(path), dropped);
  await there.lead(2);
  await there.absorb(await beginRun(there, 2000), [recordOf('b', [{ title: 'two' }])]);
  t.deepEqual(indexesOf(path), all, 'who leads now builds them');
  await t.throwsAsync(
    beginRun(here, 3000).then((run) => here.absorb(run, [recordOf('b', [{}])])),
    {
      instanceOf: FencedOff,
    },
  );
  await here.lead(3);
  t.is((await here.absorb(await beginRun(here, 4000), [recordOf('b', [{ title: 'three' }])])).changed, 1);
  t.deepEqual((await titlesIn(here)).toSorted(), ['one', 'three']);
  await here.close();
  await there.close();
});
