// An event that a feed tells online and, batches later, takes back offline. The last word of a feed counts, so the search
// gets back what it knew before this run. Within one batch there is nothing to take back: only the last word is absorbed.

import type { Transaction } from 'kysely';
import { searchable, type KnownEvent } from '#/domain/absorb.ts';
import type { CatalogueEvent } from '#/domain/event.ts';
import type { RunInHand } from './batch.ts';
import { valuesOf } from './rows.ts';
import type { Tables } from './schema.ts';

export interface TakenBack {
  /** The values that were last seen online before this run. */
  readonly restored: readonly CatalogueEvent[];
  /** Events that were never online before, and that no reader can have seen: the search must not know them. */
  readonly removed: readonly string[];
}

type Tx = Transaction<Tables>;

export async function lastSeq(tx: Tx): Promise<number> {
  const last = await tx
    .selectFrom('journal')
    .select((eb) => eb.fn.max('seq').as('seq'))
    .executeTakeFirst();
  return last?.seq ?? 0;
}

/**
 * What to do about `ids`, which are online and now told offline, as far as this very run had put them online. `shownSeq`: the
 * last journal entry that a reader of the catalogue can have seen; an event that it may have shown stays as it is.
 */
export async function takenBack(
  tx: Tx,
  run: RunInHand,
  ids: readonly string[],
  shownSeq: number,
): Promise<TakenBack> {
  if (ids.length === 0) return { restored: [], removed: [] };
  const journalBefore = run.journalBefore ?? 0;
  const own = await tx
    .selectFrom('journal')
    .select(['seq', 'event_id', 'before', 'after'])
    .where('seq', '>', journalBefore)
    .where('run_id', '=', run.id)
    .where('event_id', 'in', valuesOf(tx, ids))
    .orderBy('seq')
    .execute();
  const restored = new Map<string, CatalogueEvent>();
  const open = new Map<string, { isNew: boolean; isShown: boolean }>();
  for (const { seq, event_id: id, before, after } of own) {
    if (restored.has(id)) continue;
    if (!open.has(id)) {
      const online = before === null ? null : onlineIn(id, before);
      if (online !== null) {
        restored.set(id, online);
        continue;
      }
      open.set(id, { isNew: before === null, isShown: false });
    }
    const known = open.get(id);
    if (known !== undefined && seq <= shownSeq && onlineIn(id, after) !== null) known.isShown = true;
  }
  const older = [...open].filter(([, { isNew }]) => !isNew).map(([id]) => id);
  for (const event of await lastOnline(tx, older, journalBefore)) restored.set(event.id, event);
  const removed = [...open].filter(([id, { isShown }]) => !isShown && !restored.has(id)).map(([id]) => id);
  return { restored: [...restored.values()], removed };
}

/** Reads all of the journal, which has no index by event: rare, since it takes an event that was offline before this run. */
async function lastOnline(tx: Tx, ids: readonly string[], journalBefore: number): Promise<CatalogueEvent[]> {
  if (ids.length === 0) return [];
  const entries = await tx
    .selectFrom('journal')
    .select(['event_id', 'after'])
    .where('seq', '<=', journalBefore)
    .where('event_id', 'in', valuesOf(tx, ids))
    .orderBy('seq')
    .execute();
  const online = entries.flatMap(({ event_id: id, after }) => onlineIn(id, after) ?? []);
  return [...new Map(online.map((event) => [event.id, event])).values()];
}

const onlineIn = (id: string, known: string): CatalogueEvent | null =>
  searchable({ id, facts: (JSON.parse(known) as KnownEvent).facts });
