// The first load of an empty SQLite archive. Ids are random, so a transaction of 8,000 new events writes nearly every page of their
// index, and most pages of the index of days. A first load is written without secondary indexes; a set of the ids, in the thread that
// absorbs, tells whether all events of a batch are new. The indexes are built, sorted, when a query needs them, and dropped again by
// the next batch of new events. A version needs no more than the index of days, and a first load is on while that is there.
// Decision records 133, 136 and 141 have the reasons and the figures.
//
// not begun → on ⇄ paused → over. From on to paused by way of ending: a transaction has built the indexes, and may be rolled back.

import { sql, type Transaction } from 'kysely';
import { eventsAtMost } from '#/archive/known.ts';
import { isPostgres, type Db } from '#/archive/rows.ts';
import type { RunEnd } from '#/archive/runs/runs.ts';
import type { Tables } from '#/archive/tables/schema.ts';
import type { LoadMode } from './absorb-call.ts';

export interface FirstLoad {
  /**
   * Within the transaction of a batch: how it is absorbed. Drops the indexes when the archive has no event, and after a pause unless
   * `hasKnownKeys`: a key of the batch has a row.
   */
  modeOf(tx: Transaction<Tables>, hasKnownKeys: boolean): Promise<LoadMode>;
  /** Does `work` with all indexes, which a batch of new events may drop again afterwards. */
  paused<T>(work: () => Promise<T>): Promise<T>;
  /** The same with the index of days; the others may be missing. */
  withDays<T>(work: () => Promise<T>): Promise<T>;
  /** Builds the indexes within a transaction that needs them: of a batch of which not all events are new, or of withdrawals. */
  pauseIn(tx: Transaction<Tables>): Promise<void>;
  /** Builds the indexes for good, if a first load has begun. */
  end(): Promise<void>;
  runBegan(run: number, provider: string): void;
  runEnded(run: number, outcome: RunEnd['outcome']): void;
  /** Ends the first load unless the run of a provider is in progress whose feed was never read to its end. */
  endWithRuns(): Promise<void>;
}

const byId = 'known_event_by_id';
const byDay = 'known_event_by_day';
const indexes = {
  [byId]: `create unique index if not exists ${byId} on known_event (id)`,
  known_event_by_record:
    'create index if not exists known_event_by_record on known_event (provider, record_key, listing)',
  [byDay]: `create index if not exists ${byDay} on known_event (day) where day is not null`,
} as const;

/**
 * A first load continues after a pause while the pauses so far have built indexes over at most this many events for each event of the
 * archive, and this many more. So their sum stays linear: ten pauses of a small archive cost nothing, and three of a large one are the
 * last.
 */
const builtPerEvent = 2;
const builtAlways = 20_000;
/** The part of the index of days in the cost of all. */
const daysShare = 0.25;

/** Builds the indexes that are missing: a process that is killed in a first load leaves the archive without them. */
export async function buildIndexes(db: Db): Promise<void> {
  if (isPostgres(db)) return;
  // The index of ids belongs to the table in archives that earlier versions have filled.
  const { rows } = await sql`select 1 from pragma_index_list('known_event') where origin = 'u'`.execute(db);
  for (const [name, statement] of Object.entries(indexes))
    if (name !== byId || rows.length === 0) await sql.raw(statement).execute(db);
}

const isEmpty = async (db: Db): Promise<boolean> =>
  (await sql`select 1 from known_event limit 1`.execute(db)).rows.length === 0;

async function dropIndexes(db: Db, names: readonly string[] = Object.keys(indexes)): Promise<void> {
  for (const name of names) await sql`drop index if exists ${sql.table(name)}`.execute(db);
}

const hasIndex = async (db: Db, name: keyof typeof indexes): Promise<boolean> =>
  (await sql`select 1 from sqlite_schema where name = ${name}`.execute(db)).rows.length > 0;

/** `ended`: the first load is over, and nobody needs the set of its ids. */
export function createFirstLoad(db: Db, ended: () => Promise<void>): FirstLoad {
  let state: 'not begun' | 'on' | 'paused' | 'ending' | 'over' = 'not begun';
  /** Uses of the indexes in progress: a batch that comes before such a use must not drop what was built for it. */
  let uses = 0;
  /** The events over which pauses have built indexes, and those of the archive at the last pause. */
  let built = 0;
  let events = 0;
  /** A version has built the index of days. */
  let hasDays = false;
  /** By provider: a run that failed with the archive has no end, and the next one of its provider replaces it. */
  const runs = new Map<string, number>();
  /** The providers whose feed was read to its end: their next runs find most records unchanged. */
  const met = new Set<string>();

  async function build(tx: Db): Promise<void> {
    events = await eventsAtMost(tx);
    // They are there when the batch that dropped them was rolled back.
    if (!(await hasIndex(tx, byId))) built += events;
    await buildIndexes(tx);
  }

  async function buildDays(tx: Db): Promise<void> {
    events = await eventsAtMost(tx);
    if (!(await hasIndex(tx, byDay))) built += daysShare * events;
    await sql.raw(indexes[byDay]).execute(tx);
    hasDays = true;
  }

  const costLittle = (): boolean => built <= builtPerEvent * events + builtAlways;

  /** The indexes are there. */
  async function settle(next: 'paused' | 'over'): Promise<void> {
    if (state === 'over') return;
    state = costLittle() ? next : 'over';
    if (state === 'over') await ended();
  }

  /** Does `work` with the indexes that `prepare` builds. */
  async function using<T>(prepare: () => Promise<void>, work: () => Promise<T>): Promise<T> {
    uses++;
    try {
      await prepare();
      return await work();
    } finally {
      uses--;
    }
  }

  async function prepareAll(next: 'paused' | 'over'): Promise<void> {
    if (state === 'on' || state === 'ending' || (state === 'paused' && next === 'over')) {
      await db.transaction().execute(build);
      await settle(next);
    }
  }

  async function prepareDays(): Promise<void> {
    if (state !== 'on') return prepareAll('paused');
    await db.transaction().execute(buildDays);
    if (!costLittle()) await prepareAll('over');
  }

  const load: FirstLoad = {
    // SQLite has one connection here: what is built or dropped in a transaction is so for all that follow.
    async modeOf(tx, hasKnownKeys) {
      if (state === 'not begun') {
        if (await isEmpty(tx)) {
          state = 'on';
          await dropIndexes(tx);
          return 'begins';
        }
        // Another host that opened the file may have begun a first load, and lost the lead.
        await buildIndexes(tx);
        state = 'over';
      }
      // The transaction that built them was committed, or rolled back.
      if (state === 'ending') {
        if (await hasIndex(tx, byId)) await settle('paused');
        else state = 'on';
      }
      // A feed that is read again changes a few events of many: that must not build all indexes again.
      if (!hasKnownKeys && uses === 0) {
        // Before it waits: a use that begins from now on builds them after this transaction. Where that is rolled back, the indexes
        // are there while it is on, which is only slower.
        if (state === 'paused') {
          state = 'on';
          await dropIndexes(tx);
        } else if (state === 'on' && hasDays) {
          hasDays = false;
          await dropIndexes(tx, [byDay]);
        }
      }
      return state === 'on' || state === 'paused' ? state : 'over';
    },

    paused: (work) => using(() => prepareAll('paused'), work),

    withDays: (work) => using(prepareDays, work),

    async pauseIn(tx) {
      if (state !== 'on' && state !== 'ending') return;
      await build(tx);
      state = 'ending';
    },

    end: () =>
      using(
        () => prepareAll('over'),
        () => Promise.resolve(),
      ),

    runBegan(run, provider) {
      runs.set(provider, run);
    },

    runEnded(run, outcome) {
      for (const [provider, id] of runs) {
        if (id !== run) continue;
        runs.delete(provider);
        if (outcome === 'absorbed' || outcome === 'unchanged') met.add(provider);
      }
    },

    async endWithRuns() {
      if (runs.keys().every((provider) => met.has(provider))) await load.end();
    },
  };
  return load;
}

/** Where no batch is absorbed in the thread of the database. */
export const noFirstLoad: FirstLoad = {
  modeOf: () => Promise.resolve('over'),
  paused: (work) => work(),
  withDays: (work) => work(),
  pauseIn: () => Promise.resolve(),
  end: () => Promise.resolve(),
  runBegan: () => undefined,
  runEnded: () => undefined,
  endWithRuns: () => Promise.resolve(),
};
