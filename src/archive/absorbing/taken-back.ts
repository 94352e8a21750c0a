// An event that a feed tells online and, batches later, takes back offline. The last word of a feed counts, so the search
// gets back what it knew before this run. Within one batch there is nothing to take back: only the last word is absorbed.

import { uuidIn } from '#/domain/identity.ts';
import { searchable, type KnownEvent } from '#/domain/absorb.ts';
import type { CatalogueEvent } from '#/domain/event.ts';
import type { AbsorbRun } from './batch.ts';
import { stateIn, type StoredEvent } from '#/archive/known.ts';
import { idsOf, uuidText, type Db } from '#/archive/rows.ts';

/** What the search sees from now on of an event; null when it must not know it. */
export interface TakenBack {
  readonly id: string;
  readonly shown: CatalogueEvent | null;
}

export async function lastSeq(db: Db): Promise<number> {
  const last = await db
    .selectFrom('journal_entry')
    .select((eb) => eb.fn.max('seq').as('seq'))
    .executeTakeFirst();
  return last?.seq ?? 0;
}

/**
 * What to do about `events`, which are online and now told offline, as far as this very run had put them online. `shownSeq`:
 * the last journal entry that a reader of the catalogue can have seen; an event that it may have shown, and that was never
 * online before, stays as it is.
 */
export async function takenBack(
  db: Db,
  run: AbsorbRun,
  events: readonly StoredEvent[],
  shownSeq: number,
): Promise<readonly TakenBack[]> {
  const histories = await historiesOf(db, events);
  return events.flatMap(({ id }): readonly TakenBack[] => {
    const history = histories.get(id) ?? [];
    const own = history.filter(({ seq, runId }) => seq > run.journalBefore && runId === run.id);
    if (own.length === 0) return [];
    const shown = onlineBefore(id, history, own[0]?.seq ?? 0);
    if (shown !== null) return [{ id, shown }];
    const isShown = own.some(({ seq, after }) => seq <= shownSeq && onlineIn(id, after) !== null);
    return isShown ? [] : [{ id, shown: null }];
  });
}

interface Entry {
  readonly seq: number;
  readonly runId: number;
  readonly before: KnownEvent | null;
  readonly after: KnownEvent;
}

/** All changes of each event, the oldest first. What it was after one is what it was before the next. */
async function historiesOf(db: Db, events: readonly StoredEvent[]): Promise<Map<string, Entry[]>> {
  const histories = new Map<string, Entry[]>();
  if (events.length === 0) return histories;
  const ids = idsOf(
    db,
    events.map(({ id }) => id),
  );
  const rows = await db
    .selectFrom('journal_entry')
    .innerJoin('known_event', 'known_event.n', 'journal_entry.event')
    .select([uuidText(db, 'known_event.id').as('id'), 'seq', 'run_id', 'before'])
    .where('known_event.id', 'in', ids)
    .orderBy('seq', 'desc')
    .execute();
  const after = new Map<string, KnownEvent>(events.map((event) => [event.id, event]));
  for (const row of rows) {
    const id = uuidIn(row.id);
    const now = after.get(id);
    if (now === undefined) continue;
    const before = row.before === null ? null : stateIn(row.before);
    const entry = { seq: row.seq, runId: row.run_id, before, after: now };
    const history = histories.get(id);
    if (history === undefined) histories.set(id, [entry]);
    else history.push(entry);
    if (before !== null) after.set(id, before);
  }
  for (const history of histories.values()) history.reverse();
  return histories;
}

/** The values that were last seen online before the entry of this number. */
function onlineBefore(id: string, history: readonly Entry[], seq: number): CatalogueEvent | null {
  const states = history.filter((entry) => entry.seq <= seq).map(({ before }) => before);
  return states.reduce<CatalogueEvent | null>(
    (online, state) => (state === null ? null : (onlineIn(id, state) ?? online)),
    null,
  );
}

const onlineIn = (id: string, { facts }: KnownEvent): CatalogueEvent | null => searchable({ id, facts });
