// Copies an archive from before migration 6 into today's tables, page by page. In SQLite each page is a transaction: a process
// that is killed in between continues with the next page. PostgreSQL copies everything in the transaction of its migrations.
// The old tables are only read, until they are dropped.

import { sql } from 'kysely';
import { isPostgres, type Db } from '#/archive/rows.ts';
import { factNames0006 } from '#/domain/packed/facts.ts';

export interface CarryOver {
  /** Events and journal entries that are carried over, and how many there are. */
  readonly done: number;
  readonly all: number;
}

export interface CarryOverOptions {
  readonly progress?: (carryOver: CarryOver) => void;
  /** Rows in one transaction, and in one statement. */
  readonly pageRows?: number;
}

const defaultPageRows = 5000;
/** In the order in which they are dropped: without the first nothing is left to carry over, with the last all is over. */
const oldTables = ['journal', 'zone_set', 'catalogue', 'event'] as const;

/** Does nothing where there is nothing to carry over. Throws what the database says. */
export async function carryOver(
  db: Db,
  { progress = () => undefined, pageRows = defaultPageRows }: CarryOverOptions = {},
): Promise<void> {
  if (!(await isThere(db, 'event'))) return;
  const inOne = <T>(work: (tx: Db) => Promise<T>): Promise<T> =>
    db.isTransaction ? work(db) : db.transaction().execute(work);
  // A host of an earlier version that still leads waits here, and finds no tables then.
  if (isPostgres(db)) await sql`lock table event, journal, catalogue, zone_set in exclusive mode`.execute(db);
  // Those that were dropped before it died are not missed.
  const isDropping = !(await isThere(db, 'journal'));
  if (!isDropping) {
    const all = (await countOf(db, 'event')) + (await countOf(db, 'journal'));
    // Counted once: counting after each page would cost more with every page.
    let done = (await countOf(db, 'known_event')) + (await countOf(db, 'journal_entry'));
    progress({ done, all });
    for (const page of [carryEvents, carryEntries]) {
      for (let after: string | number | null = await page.begin(db); after !== null;) {
        const from: string | number = after;
        after = await inOne((tx) => page.next(tx, from, pageRows));
        done = Math.min(all, done + pageRows);
        progress({ done, all });
      }
    }
    await afterAll(db);
  }
  for (const table of oldTables) await sql`drop table if exists ${sql.table(table)}`.execute(db);
}

/** Pages of a table, each behind the last row of the one before. */
interface Pages {
  /** Where the next page begins. */
  begin(db: Db): Promise<string | number>;
  /** Carries a page over. Gives where the next one begins; null when there is none. */
  next(tx: Db, after: string | number, rows: number): Promise<string | number | null>;
}

/** The place of a row in the old table: its rowid in SQLite, which becomes the number of the event. */
const carryEvents: Pages = {
  async begin(db) {
    return isPostgres(db) ? '' : await lastOf(db, 'known_event', 'n');
  },

  async next(tx, after, rows) {
    const onPostgres = isPostgres(tx);
    const place = sql.raw(onPostgres ? 'e.id' : 'e.rowid');
    const page = sql`(select ${place} as place from event e where ${place} > ${after} order by ${place} limit ${rows})`;
    const { rows: ends } = await sql<{ end: string | number | null }>`
      select max(place) as "end" from ${page} as page`.execute(tx);
    const end = ends[0]?.end ?? null;
    if (end === null) return null;
    const own = onPostgres ? sql`` : sql`n, `;
    const number = onPostgres ? sql`` : sql`e.rowid, `;
    const id = onPostgres ? sql`e.id::uuid` : sql`unhex(e.id, '-')`;
    const facts = factsArray(tx, 'e.facts');
    await sql`
      insert into known_event (${own}id, provider, base_id, plan_id, record_key, listing, facts, day, shown,
        first_seen_at, changed_at, zones)
      select ${number}${id}, e.provider, e.base_id, e.plan_id, e.record_key, e.listing, ${facts}, c.day,
        case when c.day is not null and ${fact(tx, 'e.facts', 'sellMode')} <> 'online' then ${shownArray(tx)} end,
        e.first_seen_at, e.changed_at, z.zones
      from event e left join catalogue c on c.id = e.id
        left join zone_set z on z.hash = ${fact(tx, 'e.facts', 'zonesHash')}
      where ${place} > ${after} and ${place} <= ${end} order by ${place}`.execute(tx);
    return end;
  },
};

const carryEntries: Pages = {
  begin: (db) => lastOf(db, 'journal_entry', 'seq'),

  async next(tx, after, rows) {
    const { rows: ends } = await sql<{ end: number | null }>`
      select max(seq) as "end" from
        (select seq from journal where seq > ${after} order by seq limit ${rows}) as page`.execute(tx);
    const end = ends[0]?.end ?? null;
    if (end === null) return null;
    const id = isPostgres(tx) ? sql`j.event_id::uuid` : sql`unhex(j.event_id, '-')`;
    const [before, since] = ['j.before', 'j.after'].map((side) => zonesHash(tx, side));
    await sql`
      insert into journal_entry (seq, event, run_id, at, kind, before, zones)
      select j.seq, k.n, j.run_id, j.at, j.kind, ${stateArray(tx, 'j.before')}, z.zones
      from journal j join known_event k on k.id = ${id}
        left join zone_set z on z.hash = ${before} and ${before} <> ${since}
      where j.seq > ${after} and j.seq <= ${end} order by j.seq`.execute(tx);
    return end;
  },
};

/** JSON of the value of a key, out of an object that is JSON. */
const member = (db: Db, object: string, key: string): string =>
  isPostgres(db)
    ? `coalesce((${object}::json -> '${key}')::text, 'null')`
    : `coalesce(${object} -> '$.${key}', 'null')`;

/** The facts of an event in their order, out of an object with their names. */
const arrayOf = (db: Db, object: string): string =>
  `'[' || ${factNames0006.map((name) => member(db, object, name)).join(` || ',' || `)} || ']'`;

const factsArray = (db: Db, object: string) => sql.raw(arrayOf(db, object));

/** Null where the state is. */
const stateArray = (db: Db, state: string) =>
  sql.raw(
    `case when ${state} is not null then '[' || ${member(db, state, 'listing')} || ',' ||
      ${arrayOf(db, `(${member(db, state, 'facts')})`)} || ']' end`,
  );

/** What the search sees, out of the columns of the old catalogue. */
const shownArray = (db: Db) => {
  const build = isPostgres(db) ? 'json_build_array' : 'json_array';
  const text = isPostgres(db) ? '::text' : '';
  return sql.raw(
    `${build}(c.title, c.start_local, c.end_local, c.starts_at, c.ends_at, c.min_price, c.max_price)${text}`,
  );
};

const fact = (db: Db, column: string, name: string) =>
  isPostgres(db) ? sql.raw(`(${column}::json ->> '${name}')`) : sql.raw(`(${column} ->> '$.${name}')`);

const zonesHash = (db: Db, column: string) =>
  isPostgres(db)
    ? sql.raw(`(${column}::json -> 'facts' ->> 'zonesHash')`)
    : sql.raw(`(${column} ->> '$.facts.zonesHash')`);

/** PostgreSQL counts on from its own last number, whatever numbers the rows brought along. */
async function afterAll(db: Db): Promise<void> {
  if (!isPostgres(db)) return;
  await sql`
    select setval(pg_get_serial_sequence('journal_entry', 'seq'), max(seq)) from journal_entry having max(seq) > 0`.execute(
    db,
  );
}

async function isThere(db: Db, table: string): Promise<boolean> {
  const found = isPostgres(db)
    ? sql`select 1 where to_regclass(${table}) is not null`
    : sql`select 1 from sqlite_schema where type = 'table' and name = ${table}`;
  return (await found.execute(db)).rows.length > 0;
}

async function countOf(db: Db, table: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*) as n from ${sql.table(table)}`.execute(db);
  return rows[0]?.n ?? 0;
}

async function lastOf(db: Db, table: string, column: string): Promise<number> {
  const { rows } = await sql<{ last: number | null }>`
    select max(${sql.ref(column)}) as last from ${sql.table(table)}`.execute(db);
  return rows[0]?.last ?? 0;
}
