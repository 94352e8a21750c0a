// Reads the journal of one event. An entry has what the event was before it; what it was after it is in the next entry, or in the
// row of the event.

import { zonesTextOf } from '#/domain/zones.ts';
import type { KnownEvent } from '#/domain/absorb.ts';
import type { PastState } from '#/domain/past.ts';
import { factsIn } from '#/domain/packed/facts.ts';
import type { Listing } from '#/domain/event.ts';
import { stateIn } from '#/archive/known.ts';
import { idsOf, type Db } from '#/archive/rows.ts';

type Zones = string | Uint8Array | null;

export interface EventRow {
  readonly n: number;
  readonly provider: string;
  readonly base_id: string;
  readonly plan_id: string;
  readonly listing: string;
  readonly facts: string;
  readonly first_seen_at: number;
  readonly zones: Zones;
}

/** Null for an event that was never online: the catalogue does not have it. */
export async function eventRow(db: Db, id: string): Promise<EventRow | null> {
  const row = await db
    .selectFrom('known_event')
    .select(['n', 'provider', 'base_id', 'plan_id', 'listing', 'facts', 'first_seen_at', 'zones'])
    .where('id', 'in', idsOf(db, [id]))
    .where('day', 'is not', null)
    .executeTakeFirst();
  return row ?? null;
}

export const entriesOf = (db: Db, { n }: EventRow) => db.selectFrom('journal_entry').where('event', '=', n);

/** What the event was after the entry `seq`. */
export async function stateAfter(db: Db, row: EventRow, seq: number): Promise<PastState> {
  const later = await firstAfter(db, row, seq);
  const known: KnownEvent =
    later?.before === undefined || later.before === null
      ? { listing: row.listing as Listing, facts: factsIn(row.facts) }
      : stateIn(later.before);
  return pastState(known, await zonesAfter(db, row, seq));
}

export const pastState = ({ listing, facts }: KnownEvent, zones: Zones): PastState => ({
  listed: listing !== 'withdrawn',
  facts,
  zones: zones === null ? null : zonesTextOf(zones),
});

const firstAfter = (db: Db, row: EventRow, seq: number) =>
  entriesOf(db, row)
    .select(['seq', 'before'])
    .where('seq', '>', seq)
    .orderBy('seq')
    .limit(1)
    .executeTakeFirst();

async function zonesAfter(db: Db, row: EventRow, seq: number): Promise<Zones> {
  const replaced = await entriesOf(db, row)
    .select('zones')
    .where('seq', '>', seq)
    .where('zones', 'is not', null)
    .orderBy('seq')
    .limit(1)
    .executeTakeFirst();
  return replaced?.zones ?? row.zones;
}
