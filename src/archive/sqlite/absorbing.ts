// Absorbs batches in the thread that owns the database, so that no row is sent to another thread.

import { Kysely } from 'kysely';
import { absorbNew, addEvents } from '#/archive/absorbing/absorb-new.ts';
import { absorbRecords, nothingAbsorbed, type Absorbed } from '#/archive/absorbing/absorb.ts';
import type { Tables } from '#/archive/tables/schema.ts';
import { createUuidSet, type UuidSet } from '#/kit/uuid-set.ts';
import { recordsOf, type AbsorbCall } from './absorb-call.ts';
import { inThisThread, type Sqlite } from './database.ts';
import { sqliteDialect } from './dialect.ts';

export interface Absorbing {
  /** Loads what the first batch needs; without that, it is loaded with the batch. */
  prepare(): Promise<void>;
  /** Absorbs a batch within the transaction that was begun before. */
  absorb(call: AbsorbCall): Promise<Absorbed>;
  /** The first load is over: frees the memory of its ids. */
  endFirstLoad(): Promise<void>;
}

export function createAbsorbing(sqlite: Sqlite): Absorbing {
  const db = new Kysely<Tables>({ dialect: sqliteDialect(inThisThread(sqlite)) });
  /**
   * All events of the archive during a first load and its pauses, else null. A batch that is rolled back or held leaves its events
   * here, which are then not in the archive: a later batch that has them needs the indexes, and finds out with them.
   */
  let loaded: UuidSet | null = null;
  function freeLoaded(): void {
    loaded?.release();
    loaded = null;
  }

  return {
    prepare: () => Promise.resolve(),
    async absorb(call) {
      const { firstLoad } = call;
      if (firstLoad === 'begins') loaded = createUuidSet();
      if (firstLoad === 'over') freeLoaded();
      const isOn = firstLoad === 'begins' || firstLoad === 'on';
      const records = recordsOf(call);
      const areNew = loaded !== null && addEvents(records, loaded) && call.seenAt.size === 0;
      if (!isOn) return absorbRecords(db, call.run, records, call.seenAt, () => call.shownSeq);
      return areNew ? absorbNew(db, call.run, records) : { ...nothingAbsorbed, needsIndexes: true };
    },
    endFirstLoad() {
      freeLoaded();
      return Promise.resolve();
    },
  };
}
