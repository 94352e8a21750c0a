// Absorbs batches in the thread that owns the database, so that no row is sent to another thread.

import { Kysely } from 'kysely';
import { absorbRecords, nothingAbsorbed, type Absorbed } from '#/archive/absorbing/absorb.ts';
import type { Tables } from '#/archive/tables/schema.ts';
import { createUuidSet, type UuidSet } from '#/kit/uuid-set.ts';
import { recordsOf, type AbsorbCall } from './absorb-call.ts';
import { inThisThread, type Sqlite } from './database.ts';
import { sqliteDialect } from './dialect.ts';

export function createAbsorbing(sqlite: Sqlite): (call: AbsorbCall) => Promise<Absorbed> {
  const db = new Kysely<Tables>({ dialect: sqliteDialect(inThisThread(sqlite)) });
  /** All events of the archive during a first load; null once a batch did not belong to it. */
  let loaded: UuidSet | null = createUuidSet();
  return async (call) => {
    if (!call.isFirstLoad) loaded = null;
    else if (loaded === null) return { ...nothingAbsorbed, needsIndexes: true };
    return absorbRecords(db, call.run, recordsOf(call), call.seenAt, () => call.shownSeq, loaded);
  };
}
