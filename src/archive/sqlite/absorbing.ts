// Absorbs batches in the thread that owns the database, so that no row is sent to another thread.

import { Kysely } from 'kysely';
import { absorbRecords, type Absorbed } from '#/archive/absorbing/absorb.ts';
import type { Tables } from '#/archive/tables/schema.ts';
import { recordsOf, type AbsorbCall } from './absorb-call.ts';
import { inThisThread, type Sqlite } from './database.ts';
import { sqliteDialect } from './dialect.ts';

export function createAbsorbing(sqlite: Sqlite): (call: AbsorbCall) => Promise<Absorbed> {
  const db = new Kysely<Tables>({ dialect: sqliteDialect(inThisThread(sqlite)) });
  return (call) => absorbRecords(db, call.run, recordsOf(call), call.seenAt, () => call.shownSeq);
}
