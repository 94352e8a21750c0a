// The first load of an empty SQLite archive. Ids are random, so a transaction of 8,000 new events writes nearly every page of their
// index, and most pages of the index of days. A first load is written without secondary indexes; a set of the ids, in the thread that
// absorbs, tells whether all events of a batch are new. The indexes are built, sorted, when the first query needs them. Decision record
// 136 has the reasons and the figures.

import { sql, type Transaction } from 'kysely';
import { isPostgres, type Db } from '#/archive/rows.ts';
import type { Tables } from '#/archive/tables/schema.ts';

export interface FirstLoad {
  /** Within the transaction of a batch: whether it belongs to a first load. Drops the indexes when the archive has no event. */
  isOn(tx: Transaction<Tables>): Promise<boolean>;
  /** Builds the indexes, if a first load has dropped them. */
  end(): Promise<void>;
  /** The same within the transaction of a batch of which not all events are new. */
  endIn(tx: Transaction<Tables>): Promise<void>;
}

const indexes: Readonly<Record<string, string>> = {
  known_event_by_id: 'create unique index if not exists known_event_by_id on known_event (id)',
  known_event_by_record:
    'create index if not exists known_event_by_record on known_event (provider, record_key, listing)',
  known_event_by_day:
    'create index if not exists known_event_by_day on known_event (day) where day is not null',
};

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

async function dropIndexes(db: Db): Promise<void> {
  for (const name of Object.keys(indexes)) await sql`drop index if exists ${sql.table(name)}`.execute(db);
}

const hasIndex = async (db: Db): Promise<boolean> =>
  (await sql`select 1 from sqlite_schema where name = 'known_event_by_id'`.execute(db)).rows.length > 0;

export function createFirstLoad(db: Db): FirstLoad {
  let state: 'not begun' | 'on' | 'ending' | 'over' = 'not begun';
  return {
    // SQLite has one connection here: all transactions to which this says true are over before the first to which it says false.
    async isOn(tx) {
      if (state === 'not begun') {
        state = (await isEmpty(tx)) ? 'on' : 'over';
        // Another host that opened the file may have begun a first load, and lost the lead.
        await (state === 'on' ? dropIndexes(tx) : buildIndexes(tx));
      } else if (state === 'ending') {
        // The transaction that built them was committed, or rolled back.
        state = (await hasIndex(tx)) ? 'over' : 'on';
      }
      return state === 'on';
    },

    async end() {
      if (state !== 'on' && state !== 'ending') return;
      await db.transaction().execute(buildIndexes);
      state = 'over';
    },

    async endIn(tx) {
      await buildIndexes(tx);
      state = 'ending';
    },
  };
}

/** Where no batch is absorbed in the thread of the database. */
export const noFirstLoad: FirstLoad = {
  isOn: () => Promise.resolve(false),
  end: () => Promise.resolve(),
  endIn: () => Promise.resolve(),
};
