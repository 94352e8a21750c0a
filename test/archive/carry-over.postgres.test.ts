// An archive that an earlier Marquee made (fixtures/migration-5.sqlite.gz), opened by this one: everything is there, in the
// tables of today. What the old file holds is read from the file itself.

import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync, inflateRawSync } from 'node:zlib';
import anyTest, { type ExecutionContext, type TestFn } from 'ava';
import { isLong } from '../_support/long.ts';
import { seededFor } from '../_support/random.ts';
import type { DatabaseConnection, Dialect } from 'kysely';
import { openArchive, openArchiveOn } from '#/archive/archive.ts';
import { sqliteDialectOn } from '#/archive/sqlite/dialect.ts';
import type { CarryOver } from '#/archive/tables/carry-over.ts';
import { directoryFor } from '../_support/directory.ts';
import { endingOf } from '../_servers/ending.ts';
import { postgresIsHere, startPostgres, type PostgresServer } from '../_servers/postgres.ts';
import { beginRun, idOf, recordOf } from './_observed.ts';

const test = anyTest as TestFn;
const ending = endingOf(test);

let postgres: PostgresServer;
test.before(async () => {
  if (postgresIsHere) postgres = await startPostgres(ending);
});

type Row = Record<string, unknown>;
type Ask = (query: string) => Promise<Row[]>;

async function oldArchive(t: ExecutionContext): Promise<string> {
  const path = join(await directoryFor(t), 'archive.sqlite');
  const packed = await readFile(new URL('fixtures/migration-5.sqlite.gz', import.meta.url));
  await writeFile(path, gunzipSync(packed));
  return path;
}

function read(path: string, query: string): Row[] {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    return database.prepare(query).all();
  } finally {
    database.close();
  }
}

/** Whatever a database makes of numbers, texts and JSON, as one text. */
const plain = (rows: readonly Row[], json: readonly string[] = []): unknown[] =>
  rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => {
        if (json.includes(name)) return [name, value === null ? null : JSON.parse(String(value))];
        return [name, typeof value === 'bigint' || /^-?\d+$/.test(String(value)) ? Number(value) : value];
      }),
    ),
  );

const zonesText = (kept: unknown): string | null =>
  kept === null ? null : typeof kept === 'string' ? kept : inflateRawSync(kept as Uint8Array).toString();

const journal = 'select seq, event_id, run_id, at, kind, before, after from';
const catalogue =
  'select id, day, starts_at, ends_at, title, start_local, end_local, min_price, max_price from';
const idText = (isSqlite: boolean): string => (isSqlite ? 'lower(hex(id))' : `replace(id::text, '-', '')`);

/** Compares what the old file holds with what `ask` finds in the archive that was made of it. */
async function compare(t: ExecutionContext, old: string, ask: Ask, isSqlite: boolean): Promise<void> {
  const json = ['before', 'after'];
  t.deepEqual(
    plain(await ask(`${journal} history order by seq`), json),
    plain(read(old, `${journal} journal order by seq`), json),
  );
  t.deepEqual(
    plain(await ask(`${catalogue} searchable order by id`)),
    plain(read(old, `${catalogue} catalogue order by id`)),
  );
  const columns = 'provider, base_id, plan_id, record_key, listing, first_seen_at, changed_at';
  t.deepEqual(
    plain(await ask(`select ${idText(isSqlite)} as id, ${columns} from known_event order by id`)).toSorted(
      byId,
    ),
    plain(read(old, `select replace(id, '-', '') as id, ${columns} from event order by id`)).toSorted(byId),
  );
  // Zones: those of each event, and those that each change replaced.
  const sets = new Map(
    read(old, 'select hash, zones from zone_set').map(({ hash, zones }) => [hash, zonesText(zones)]),
  );
  const hashIn = (state: unknown): unknown =>
    (JSON.parse(String(state)) as { facts: { zonesHash: string } }).facts.zonesHash;
  const events = await ask(`select ${idText(isSqlite)} as id, zones from known_event`);
  const facts = new Map(
    read(old, `select replace(id, '-', '') as id, facts from event`).map((row) => [row['id'], row['facts']]),
  );
  for (const { id, zones } of events) {
    const { zonesHash } = JSON.parse(String(facts.get(id))) as { zonesHash: string };
    t.is(zonesText(zones), sets.get(zonesHash) ?? null);
  }
  const replaced = await ask('select seq, zones from journal_entry order by seq');
  const changes = read(old, 'select before, after from journal order by seq');
  t.is(replaced.length, changes.length);
  let some = 0;
  for (const [i, { before, after }] of changes.entries()) {
    const isReplaced = before !== null && hashIn(before) !== hashIn(after);
    some += Number(isReplaced);
    t.is(zonesText(replaced[i]!['zones']), isReplaced ? (sets.get(hashIn(before)) ?? null) : null);
  }
  t.true(some > 10, 'the file tells of zones that changed');
  const tables = isSqlite
    ? `select name from sqlite_schema where type = 'table'`
    : `select tablename as name from pg_tables where schemaname = 'public'`;
  const names = new Set((await ask(tables)).map(({ name }) => name));
  for (const name of ['event', 'journal', 'catalogue', 'zone_set']) t.false(names.has(name), name);
}

const byId = (a: unknown, b: unknown): number =>
  String((a as Row)['id']) < String((b as Row)['id']) ? -1 : 1;

/** The state from which the journal and the catalogue continue. */
async function goesOn(t: ExecutionContext, url: string, ask: Ask, lastSeq: number): Promise<void> {
  const archive = await openArchive(url);
  t.teardown(() => archive.close());
  t.is(await archive.lastVersion(), 1);
  const run = await beginRun(archive, 9000);
  const counts = await archive.absorb(run, [
    recordOf('b58', [{ title: 'New title' }]),
    recordOf('new', [{ title: 'A new one' }]),
    recordOf('never', [{ offline: true, title: 'never online' }]),
  ]);
  t.like(counts, { added: 1, changed: 1 });
  const entries = plain(await ask(`select seq, event_id, kind from history where at = 9000 order by seq`));
  t.deepEqual(entries, [
    { seq: lastSeq + 1, event_id: idOf('new'), kind: 'added' },
    { seq: lastSeq + 2, event_id: idOf('b58'), kind: 'changed' },
  ]);
  t.deepEqual(await archive.unknownEvents([idOf('b1'), idOf('never'), idOf('nobody')]), [
    idOf('never'),
    idOf('nobody'),
  ]);
}

const lastSeqIn = (old: string): number =>
  Number(read(old, 'select max(seq) as seq from journal')[0]!['seq']);

test.serial('SQLite: an old archive is carried over, and tells how far it is', async (t) => {
  const old = await oldArchive(t);
  const path = `${old}-now`;
  await copyFile(old, path);
  const told: CarryOver[] = [];
  const archive = await openArchive(`sqlite:${path}`, undefined, {
    pageRows: 7,
    progress: (carryOver) => told.push(carryOver),
  });
  await archive.close();
  const ask: Ask = (query) => Promise.resolve(read(path, query));
  await compare(t, old, ask, true);
  t.true(told.length > 20);
  t.deepEqual(
    told.map(({ done }) => done),
    told.map(({ done }) => done).toSorted((a, b) => a - b),
  );
  t.is(told.at(-1)?.done, told.at(-1)?.all);
  await goesOn(t, `sqlite:${path}`, ask, lastSeqIn(old));
});

(postgresIsHere ? test : test.skip)('PostgreSQL: an old archive is carried over', async (t) => {
  const old = await oldArchive(t);
  const url = await postgres.database();
  await (await openArchive(url)).close();
  // As the earlier version left it: its tables are made again, and filled.
  const change = (text: string): Promise<Row[]> => postgres.ask(url, text);
  await change(
    'drop view history, searchable; drop table known_event, journal_entry; delete from kysely_migration',
  );
  await change('drop table feed_record, version_counter, identity, leader');
  await makeOldTables(url);
  const byteaOf = (bytes: Uint8Array): string => `'\\x${Buffer.from(bytes).toString('hex')}'`;
  const literal = (value: unknown): string =>
    value === null
      ? 'null'
      : value instanceof Uint8Array
        ? byteaOf(value)
        : typeof value === 'string'
          ? `'${value.replaceAll("'", "''")}'`
          : String(value);
  for (const table of [
    'event',
    'journal',
    'catalogue',
    'zone_set',
    'feed_record',
    'version_counter',
    'published',
  ]) {
    const rows = read(old, `select * from ${table}`);
    const values = rows.map((row) => `(${Object.values(row).map(literal).join(', ')})`).join(', ');
    const names = Object.keys(rows[0] ?? {}).join(', ');
    await change(`insert into ${table} (${names}) values ${values} on conflict do nothing`);
  }
  await change(`update version_counter set version = 1`);
  await (await openArchive(url, undefined, { pageRows: 7 })).close();
  await compare(t, old, change, false);
  await change(`select setval(pg_get_serial_sequence('feed_record', 'id'), max(id)) from feed_record`);
  await goesOn(t, url, change, lastSeqIn(old));
});

/** The first five migrations, as they were released. */
async function makeOldTables(url: string): Promise<void> {
  const { Kysely } = await import('kysely');
  const { postgresDialect } = await import('#/archive/postgres.ts');
  const { migrations } = await import('#/archive/tables/migrations.ts');
  const db = new Kysely<unknown>({ dialect: postgresDialect(url, () => undefined) });
  for (const [name, { up }] of Object.entries(migrations)) if (name < '0006') await up(db);
  await db.destroy();
}

class Killed extends Error {}

/** As if the process were killed at the statement of this number: neither this one is executed nor any after it. */
function killedAt(database: DatabaseSync, number: number): Dialect & { readonly count: () => number } {
  const dialect = sqliteDialectOn(database);
  let count = 0;
  const wrapped = (connection: DatabaseConnection): DatabaseConnection => ({
    executeQuery: (query) => {
      if (++count >= number) return Promise.reject(new Killed(`at statement ${number}`));
      return connection.executeQuery(query as never);
    },
    streamQuery: () => {
      throw new Error('Got a stream, expected a query.');
    },
  });
  return {
    count: () => count,
    createAdapter: () => dialect.createAdapter(),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createDriver() {
      const inner = dialect.createDriver();
      const raw = (sql: string) => async (connection: DatabaseConnection) =>
        void (await connection.executeQuery({ sql, parameters: [] } as never));
      return {
        init: () => inner.init(),
        acquireConnection: async () => wrapped(await inner.acquireConnection()),
        releaseConnection: () => Promise.resolve(),
        beginTransaction: raw('begin'),
        commitTransaction: raw('commit'),
        rollbackTransaction: raw('rollback'),
        destroy: () => inner.destroy(),
      };
    },
  };
}

test.serial('SQLite: a carry-over that is killed at any statement goes on where it was', async (t) => {
  const old = await oldArchive(t);
  const path = `${old}-now`;
  let killed = 0;
  // The short form kills at every fifth.
  const step = isLong ? 1 : 5;
  for (let number = isLong ? 1 : 1 + seededFor(t).int(0, 4); ; number += step) {
    await copyFile(old, path);
    // 1. Killed, and once more a few statements later
    let isThrough = false;
    for (const at of [number, 12]) {
      const database = new DatabaseSync(path);
      // The process dies here, not the machine.
      database.exec('pragma synchronous = off');
      const opening = openArchiveOn(killedAt(database, at), { pageRows: 40 });
      isThrough = await opening.then(
        () => true,
        () => false,
      );
      if (database.isOpen) database.close();
      killed += Number(!isThrough);
      if (isThrough) break;
    }
    // 2. Opened again, all of it is there, once
    await (await openArchive(`sqlite:${path}`, undefined, { pageRows: 40 })).close();
    await compare(t, old, (query) => Promise.resolve(read(path, query)), true);
    if (isThrough && number > 12) break;
  }
  t.log(`killed ${killed} times`);
  t.true(killed > 60 / step);
});
