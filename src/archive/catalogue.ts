// What the publisher asks of the archive: the searchable events by their days, and which days have changed.

import { uuidIn } from '#/domain/identity.ts';
import { sql, type Kysely } from 'kysely';
import type { PackedSlice } from '#/domain/packed/slice.ts';
import { packedSlice, timeZonesOf } from './detailed.ts';
import { clearMarks } from './dirty-days.ts';
import { idsOf, uuidText, valuesOf } from './rows.ts';
import type { Tables } from './tables/schema.ts';

export interface DirtyDays {
  /** In ascending order. */
  readonly days: readonly number[];
  /** For each of the days, the journal entry that marked it last. */
  readonly seqs: readonly number[];
  /** The greatest of them; 0 when no day is dirty. */
  readonly seq: number;
}

export interface Published {
  readonly version: number;
  /** The newest journal entry that the version contains. In PostgreSQL, older ones of a late commit may be missing from it. */
  readonly seq: number;
  readonly at: number;
  readonly events: number;
}

export interface CatalogueReader {
  /** Events by the UTC day of their start; of all days, or of the given ones. Days without events are absent. */
  dayCounts(days?: readonly number[]): Promise<Map<number, number>>;
  /** The events that start on the days from `fromDay` up to but not including `toDay`. */
  slice(fromDay: number, toDay: number, withZones?: boolean): Promise<PackedSlice>;
  dirtyDays(): Promise<DirtyDays>;
}

export interface PublishLog {
  /** Everything that `dirtyDays` has read is in a snapshot. A day that was marked again since stays dirty. */
  cleanDays(published: DirtyDays): Promise<void>;
  lastPublished(): Promise<Published | null>;
  /** The newest first. */
  published(limit: number): Promise<Published[]>;
  notePublished(published: Published): Promise<void>;
  /** Those of the ids that are in no catalogue of this archive. */
  unknownEvents(ids: readonly string[]): Promise<string[]>;
}

export function createCatalogue(db: Kysely<Tables>): CatalogueReader {
  let timeZones: ReadonlyMap<string, string> | null = null;
  return {
    async dayCounts(days) {
      if (days?.length === 0) return new Map();
      const all = db
        .selectFrom('known_event')
        .select((eb) => [sql<number>`day`.as('day'), eb.fn.countAll<number>().as('events')])
        .where('day', 'is not', null)
        .groupBy('day');
      const rows = await (days === undefined ? all : all.where('day', 'in', valuesOf(db, days))).execute();
      return new Map(rows.map((row) => [row.day, row.events]));
    },

    async slice(fromDay, toDay, withZones = false) {
      timeZones ??= await timeZonesOf(db);
      return packedSlice(db, fromDay, toDay, timeZones, withZones);
    },

    async dirtyDays() {
      const rows = await db.selectFrom('dirty_day').selectAll().orderBy('day').execute();
      const seqs = rows.map((row) => row.seq);
      return { days: rows.map(({ day }) => day), seqs, seq: seqs.reduce((a, b) => Math.max(a, b), 0) };
    },
  };
}

export function createPublishLog(db: Kysely<Tables>): PublishLog {
  const newest = (limit: number): Promise<Published[]> =>
    db.selectFrom('published').selectAll().orderBy('version', 'desc').limit(limit).execute();

  return {
    cleanDays: ({ days, seqs }) =>
      clearMarks(
        db,
        days.map((day, i): [day: number, seq: number] => [day, seqs[i] ?? 0]),
      ),

    async lastPublished() {
      return (await newest(1))[0] ?? null;
    },

    published: newest,

    async unknownEvents(ids) {
      if (ids.length === 0) return [];
      const rows = await db
        .selectFrom('known_event')
        .select(uuidText(db, 'id').as('id'))
        .where('day', 'is not', null)
        .where('id', 'in', idsOf(db, ids))
        .execute();
      const known = new Set(rows.map(({ id }) => uuidIn(id)));
      return ids.filter((id) => !known.has(id));
    },

    async notePublished(published) {
      await db
        .insertInto('published')
        .values(published)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
  };
}
