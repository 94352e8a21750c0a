// What the catalogue had of an event at an earlier instant.

import type { DetailedEvent } from '#/domain/event.ts';
import type { PastEvent } from '#/domain/past.ts';
import { searchable } from '#/domain/absorb.ts';
import { statusOf } from '#/domain/status.ts';
import { capacityOf, zonesIn } from '#/domain/zones.ts';
import { timeZonesOf } from '#/archive/detailed.ts';
import { stateIn, wasOnline } from '#/archive/known.ts';
import type { Db } from '#/archive/rows.ts';
import { entriesOf, eventRow, stateAfter, type EventRow } from './states.ts';

/** See `Past`. `tx`: a transaction that sees one state of the archive. */
export async function eventAt(tx: Db, id: string, instant: number): Promise<PastEvent | null> {
  const row = await eventRow(tx, id);
  if (row === null) return null;
  const last = await entriesOf(tx, row)
    .select(['seq', 'at'])
    .where('at', '<=', instant)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (last === undefined) return null;
  const { listed, facts, zones } = await stateAfter(tx, row, last.seq);
  const shown = searchable({ id, facts }) ?? (await lastShown(tx, row, id, last.seq));
  if (shown === null) return null;
  const { provider, base_id: baseId, plan_id: planId } = row;
  const event: DetailedEvent = {
    ...shown,
    provider,
    timeZone: (await timeZonesOf(tx)).get(provider) ?? 'UTC',
    baseId,
    planId,
    sellMode: facts.sellMode,
    sellFrom: facts.sellFrom,
    sellTo: facts.sellTo,
    soldOut: facts.soldOut,
    status: statusOf(facts),
    capacity: facts.capacity ?? (zones === null ? null : capacityOf(zonesIn(zones))),
    listed,
    changedAt: last.at,
  };
  const lastSeenAt = listed ? null : last.at;
  const lastOnlineAt =
    facts.sellMode === 'online' ? lastSeenAt : ((await onlineUntil(tx, row, last.seq)) ?? last.at);
  const sighted = { firstSeenAt: row.first_seen_at, lastSeenAt, lastOnlineAt, zones: zones ?? 'null' };
  return { event, sighted };
}

/** What the event was when it was online last, up to the entry `seq`. */
async function lastShown(tx: Db, row: EventRow, id: string, seq: number) {
  const entry = await entriesOf(tx, row)
    .select('before')
    .where('seq', '<=', seq)
    .where(wasOnline(tx, false))
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  const before = entry?.before ?? null;
  return before === null ? null : searchable({ id, facts: stateIn(before).facts });
}

/** The last run up to the entry `seq` that found the event no longer both listed and online. */
async function onlineUntil(tx: Db, row: EventRow, seq: number): Promise<number | null> {
  const entry = await entriesOf(tx, row)
    .select((eb) => eb.fn.max('at').as('at'))
    .where('seq', '<=', seq)
    .where(wasOnline(tx, true))
    .executeTakeFirst();
  return entry?.at ?? null;
}
