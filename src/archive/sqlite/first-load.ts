// The first load of an empty SQLite archive. Ids are random, so a transaction of 8,000 new events writes nearly every page of their
// index, and most pages of the index of days. A first load is written without secondary indexes; a set of the ids, in the thread that
// absorbs, tells whether all events of a batch are new. The indexes are built, sorted, when a query needs them, and dropped again by
// the next batch of new events. Decision records 133 and 136 have the reasons and the figures.
//
// not begun → on ⇄ paused → over. From on to paused by way of ending: a batch has built the indexes, and may still be rolled back.

import { sql, type Transaction } from 'kysely';
import { isPostgres, type Db } from '#/archive/rows.ts';
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
  /** Builds the indexes within the transaction of a batch of which not all events are new. */
  pauseIn(tx: Transaction<Tables>): Promise<void>;
  /** Builds the indexes for good, if a first load has begun. */
  end(): Promise<void>;
  runBegan(run: number, provider: string): void;
  /** Ends the first load with the last run that is in progress. */
  runEnded(run: number): Promise<void>;
}

const indexes: Readonly<Record<string, string>> = {
  known_event_by_id: 'create unique index if not exists known_event_by_id on known_event (id)',
  known_event_by_record:
    'create index if not exists known_event_by_record on known_event (provider, record_key, listing)',
  known_event_by_day:
    'create index if not exists known_event_by_day on known_event (day) where day is not null',
};

/**
 * A first load continues after a pause while the pauses so far have built indexes over at most this many events for each event of the
 * archive, and this many more. So their sum stays linear: ten pauses of a small archive cost nothing, and three of a large one are the
 * last.
 */
const builtPerEvent = 2;
const builtAlways = 20_000;

/** Builds the indexes that are missing: a process that is killed in a first load leaves the archive without them. */
export async function buildIndexes(db: Db): Promise<void> {
  if (isPostgres(db)) return;
  // The index of ids belongs to the table in archives that earlier versions have filled.
  const { rows } = await sql`select 1 from pragma_index_list('known_event') where origin = 'u'`.execute(db);
  for (const [name, statement] of Object.entries(indexes))
    if (name !== 'known_event_by_id' || rows.length === 0) await sql.raw(statement).execute(db);
}

const isEmpty = async (db: Db): Promise<boolean> =>
  (await sql`select 1 from known_event limit 1`.execute(db)).rows.length === 0;

/** From the end of the table, without reading it. */
async function eventsIn(db: Db): Promise<number> {
  const { rows } = await sql<{ events: number | null }>`select max(n) as events from known_event`.execute(db);
  return rows[0]?.events ?? 0;
}

async function dropIndexes(db: Db): Promise<void> {
  for (const name of Object.keys(indexes)) await sql`drop index if exists ${sql.table(name)}`.execute(db);
}

const hasIndex = async (db: Db): Promise<boolean> =>
  (await sql`select 1 from sqlite_schema where name = 'known_event_by_id'`.execute(db)).rows.length > 0;

/** `ended`: the first load is over, and nobody needs the set of its ids. */
export function createFirstLoad(db: Db, ended: () => Promise<void>): FirstLoad {
  let state: 'not begun' | 'on' | 'paused' | 'ending' | 'over' = 'not begun';
  /** Uses of the indexes in progress: a batch that comes before such a use must not drop what was built for it. */
  let uses = 0;
  /** The events over which pauses have built indexes, and those of the archive at the last pause. */
  let built = 0;
  let events = 0;
  /** By provider: a run that failed with the archive has no end, and the next one of its provider replaces it. */
  const runs = new Map<string, number>();

  async function build(tx: Db): Promise<void> {
    events = await eventsIn(tx);
    // They are there when the batch that dropped them was rolled back.
    if (!(await hasIndex(tx))) built += events;
    await buildIndexes(tx);
  }

  /** The indexes are there. */
  async function settle(next: 'paused' | 'over'): Promise<void> {
    if (state === 'over') return;
    state = built <= builtPerEvent * events + builtAlways ? next : 'over';
    if (state === 'over') await ended();
  }

  async function indexed<T>(next: 'paused' | 'over', work: () => Promise<T>): Promise<T> {
    uses++;
    try {
      if (state === 'on' || state === 'ending' || (state === 'paused' && next === 'over')) {
        await db.transaction().execute(build);
        await settle(next);
      }
      return await work();
    } finally {
      uses--;
    }
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
        if (await hasIndex(tx)) await settle('paused');
        else state = 'on';
      }
      // A feed that is read again changes a few events of many: that must not build all indexes again.
      if (state === 'paused' && !hasKnownKeys && uses === 0) {
        // Before it waits: a use that begins from now on builds them after this transaction. Where that is rolled back, the indexes
        // are there while it is on, which is only slower.
        state = 'on';
        await dropIndexes(tx);
      }
      return state === 'on' || state === 'paused' ? state : 'over';
    },

    paused: (work) => indexed('paused', work),

    async pauseIn(tx) {
      await build(tx);
      if (state !== 'over') state = 'ending';
    },

    end: () => indexed('over', () => Promise.resolve()),

    runBegan(run, provider) {
      runs.set(provider, run);
    },

    async runEnded(run) {
      for (const [provider, id] of runs) if (id === run) runs.delete(provider);
      if (runs.size === 0) await load.end();
    },
  };
  return load;
}

/** Where no batch is absorbed in the thread of the database. */
export const noFirstLoad: FirstLoad = {
  modeOf: () => Promise.resolve('over'),
  paused: (work) => work(),
  pauseIn: () => Promise.resolve(),
  end: () => Promise.resolve(),
  runBegan: () => undefined,
  runEnded: () => Promise.resolve(),
};
