// The statements of a batch: each writes many rows at once.

import { sql } from 'kysely';
import { sameDetails, type Change } from '#/domain/absorb.ts';
import { dayOf } from '#/domain/time/calendar.ts';
import type { CatalogueEvent } from '#/domain/event.ts';
import { factsText } from '#/domain/packed/facts.ts';
import type { PackedObservation } from '#/domain/packed/records.ts';
import type { RunRef } from './batch.ts';
import { markDays } from '#/archive/dirty-days.ts';
import { eventsAtMost, sameShown, shownColumns, stateText } from '#/archive/known.ts';
import {
  executeRows,
  idsOf,
  insertRows,
  isPostgres,
  rowsOf,
  type Db,
  type Row,
  type Rows,
  type Shape,
} from '#/archive/rows.ts';

/** An event that the archive does not have yet. */
export interface AddedEvent {
  readonly recordKey: string;
  readonly observation: PackedObservation;
}

/** They may be made one by one, when they are written. */
export interface AddedEvents extends Iterable<AddedEvent> {
  readonly length: number;
}

export interface EventChange {
  /** Its number. */
  readonly n: number;
  readonly id: string;
  readonly recordKey: string;
  readonly change: Change;
  /** The text of its new zones; null when they are as before. */
  readonly zones: string | null;
  /** What the search returns of it until now, and from now on. */
  readonly shownBefore: CatalogueEvent | null;
  readonly shown: CatalogueEvent | null;
}

const eventShape: Shape = {
  n: 'bigint',
  id: 'uuid',
  provider: 'text',
  base_id: 'text',
  plan_id: 'text',
  record_key: 'text',
  listing: 'text',
  facts: 'text',
  day: 'bigint',
  shown: 'text',
  first_seen_at: 'bigint',
  changed_at: 'bigint',
  zones: 'zones',
};
const changedShape: Shape = {
  n: 'bigint',
  record_key: 'text',
  listing: 'text',
  facts: 'text',
  day: 'bigint',
  shown: 'text',
  changed_at: 'bigint',
  zones: 'zones',
};
const replaced = ['record_key', 'listing', 'facts', 'day', 'shown', 'changed_at'];

/** Writes events, the journal of their changes, and the days on which the search finds a difference. */
export async function writeChanges(
  db: Db,
  run: RunRef,
  changes: readonly EventChange[],
  added: AddedEvents = [],
): Promise<void> {
  if (changes.length + added.length === 0) return;
  const numbers = await freeNumbers(db, added.length);
  const days = daysSeen(changes);
  const rows = addedRows(run, added, numbers, days);
  await insertRows(db, 'known_event', eventShape, rows, '');
  // Before the rows change: an entry keeps the zones that are about to be replaced there.
  await writeJournal(db, run, changes, numbers);
  await executeRows(
    db,
    changedShape,
    changes.map((change) => changedRow(run, change)),
    ({ col, table }) => {
      const set = replaced.map((column) => `${column} = ${col(column)}`).join(', ');
      const from = table === null ? '' : `from ${table}`;
      return `update known_event set ${set}, zones = coalesce(${col('zones')}, known_event.zones)
      ${from} where known_event.n = ${col('n')}`;
    },
  );
  await markDays(db, days);
}

/** Adds to `days` those of the rows that were made. */
const addedRows = (run: RunRef, added: AddedEvents, numbers: readonly number[], days: Set<number>): Rows => ({
  length: added.length,
  *[Symbol.iterator]() {
    let i = 0;
    for (const one of added) {
      const { isOnline, start } = one.observation;
      const day = isOnline ? dayOf(start) : null;
      if (day !== null) days.add(day);
      yield addedRow(run, one, numbers[i++] ?? 0, day);
    }
  },
});

function addedRow(run: RunRef, { observation, recordKey }: AddedEvent, n: number, day: Row[number]): Row {
  const { id, baseId, planId, zonesText } = observation;
  const zones = zonesText === '' ? null : zonesText;
  return [
    n,
    id,
    run.provider,
    baseId,
    planId,
    recordKey,
    'listed',
    observation.factsText,
    day,
    null,
    run.at,
    run.at,
    zones,
  ];
}

function changedRow(run: RunRef, { n, recordKey, change, shown, zones }: EventChange): Row {
  const { listing, facts } = change.after;
  return [n, recordKey, listing, factsText(facts), ...shownColumns(facts, shown), run.at, zones];
}

/** Numbers that no event has. SQLite has one writer at a time; PostgreSQL never assigns one twice. */
async function freeNumbers(db: Db, count: number): Promise<readonly number[]> {
  if (count === 0) return [];
  if (isPostgres(db)) {
    const { rows } = await sql<{ n: number }>`
      select nextval(pg_get_serial_sequence('known_event', 'n')) as n from generate_series(1, ${count}::int)`.execute(
      db,
    );
    return rows.map(({ n }) => n);
  }
  const first = (await eventsAtMost(db)) + 1;
  return Array.from({ length: count }, (_, i) => first + i);
}

const journalShape: Shape = {
  event: 'bigint',
  run_id: 'bigint',
  at: 'bigint',
  kind: 'text',
  before: 'text',
  /** Whether the zones of the event are about to be replaced: 1 or 0. */
  replaces: 'bigint',
};

/** `added`: the numbers of new events. */
async function writeJournal(
  db: Db,
  run: RunRef,
  changes: readonly EventChange[],
  added: readonly number[],
): Promise<void> {
  const given = isPostgres(db) ? added : [];
  if (given.length < added.length) await noteAdded(db, run, added);
  const rows = rowsOf(given.length + changes.length, (i): Row => {
    const change = changes[i - given.length];
    if (change === undefined) return [given[i] ?? 0, run.id, run.at, 'added', null, 0];
    const { kind, before } = change.change;
    const state = before === null ? null : stateText(before);
    return [change.n, run.id, run.at, kind, state, Number(before !== null && change.zones !== null)];
  });
  await executeRows(db, journalShape, rows, ({ col, table }) => {
    const values = ['event', 'run_id', 'at', 'kind', 'before'].map(col).join(', ');
    const zones = `(select zones from known_event where n = ${col('event')})`;
    const all = `${values}, case ${col('replaces')} when 1 then ${zones} end`;
    const source = table === null ? `values (${all})` : `select ${all} from ${table}`;
    return `insert into journal_entry (event, run_id, at, kind, before, zones) ${source}`;
  });
}

/**
 * The entries of new events in SQLite, whose numbers follow each other: one statement takes a third of the time of one for each, as
 * the last number of the journal is then stored once.
 */
async function noteAdded(db: Db, { id, at }: RunRef, numbers: readonly number[]): Promise<void> {
  await sql`
    insert into journal_entry (event, run_id, at, kind)
    select n, ${id}, ${at}, 'added' from known_event
    where n between ${numbers[0] ?? 0} and ${numbers.at(-1) ?? 0} order by n`.execute(db);
}

/** The days whose segments the changes make another. */
function daysSeen(changes: readonly EventChange[]): Set<number> {
  const days = new Set<number>();
  for (const { shownBefore, shown, change } of changes) {
    if (sameShown(shownBefore, shown) && sameDetails(change.before, change.after)) continue;
    if (shownBefore !== null) days.add(dayOf(shownBefore.start));
    if (shown !== null) days.add(dayOf(shown.start));
  }
  return days;
}

export async function setListing(
  db: Db,
  ids: readonly string[],
  listing: 'listed' | 'missing',
): Promise<void> {
  if (ids.length === 0) return;
  await db.updateTable('known_event').set({ listing }).where('id', 'in', idsOf(db, ids)).execute();
}

/** Events that come under another record than before: the provider's format was changed. */
export async function setRecordKeys(db: Db, keys: ReadonlyMap<string, string>): Promise<void> {
  await executeRows(db, { id: 'uuid', record_key: 'text' }, [...keys], ({ col, table }) => {
    const from = table === null ? '' : `from ${table}`;
    return `update known_event set record_key = ${col('record_key')} ${from} where known_event.id = ${col('id')}`;
  });
}
