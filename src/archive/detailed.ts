// The slices of the catalogue, as segments hold them: the values last seen online, and the details that the feed reports now.

import { uuidIn } from '#/domain/identity.ts';
import { hasOffline, sliceColumns, withoutCapacity, type PackedSlice } from '#/domain/packed/slice.ts';
import type { EventDetails } from '#/domain/event.ts';
import { capacityOf, inflateZones } from '#/domain/zones.ts';
import { sql } from 'kysely';
import { wasOnline } from './known.ts';
import { idsOf, textsOf, uuidText, type Db } from './rows.ts';

/** The zones of this many events are inflated at the same time. */
const zonesPage = 500;
const utc = 'UTC';

/** The events that start on the days from `fromDay` up to but not including `toDay`, in any order. */
export async function packedSlice(
  db: Db,
  fromDay: number,
  toDay: number,
  timeZones: ReadonlyMap<string, string>,
  withZones: boolean,
): Promise<PackedSlice> {
  const query = db
    .selectFrom('known_event')
    .select([
      uuidText(db, 'id').as('id'),
      ...plainColumns,
      ...instants.map((name) => sql<string>`cast(${sql.ref(name)} as text)`.as(name)),
    ])
    .$if(withZones, (one) => one.select('zones'))
    .where('day', '>=', fromDay)
    .where('day', '<', toDay);
  const { rows, zones } = await textsOf(db, query.compile(), sliceColumns, withZones);
  const without = withoutCapacity(rows);
  const capacities =
    without.length === 0 ? new Map<string, number | null>() : await capacitiesOf(db, without);
  const onlineUntil = hasOffline(rows) ? await onlineUntilOf(db, fromDay, toDay) : new Map<string, number>();
  return { rows, timeZones, capacities, onlineUntil, zones };
}

const plainColumns = ['provider', 'base_id', 'plan_id', 'listing', 'facts', 'shown'] as const;
const instants = ['first_seen_at', 'changed_at'] as const;

/** By id: the last run that found an event that is offline now no longer both listed and online. */
async function onlineUntilOf(db: Db, fromDay: number, toDay: number): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('known_event')
    .innerJoin('journal_entry', 'journal_entry.event', 'known_event.n')
    .select((eb) => [uuidText(db, 'id').as('id'), eb.fn.max('at').as('at')])
    .where('day', '>=', fromDay)
    .where('day', '<', toDay)
    .where('shown', 'is not', null)
    .where(wasOnline(db, true))
    .groupBy('id')
    .execute();
  return new Map(rows.map(({ id, at }) => [uuidIn(id), at]));
}

/** Of events stored by earlier versions of Marquee, whose facts do not have it: counted from their zones. */
async function capacitiesOf(db: Db, ids: readonly string[]): Promise<Map<string, EventDetails['capacity']>> {
  const capacities = new Map<string, number | null>();
  for (let from = 0; from < ids.length; from += zonesPage) {
    const rows = await db
      .selectFrom('known_event')
      .select([uuidText(db, 'id').as('id'), 'zones'])
      .where('id', 'in', idsOf(db, ids.slice(from, from + zonesPage)))
      .execute();
    for (const { id, zones } of rows) if (zones !== null) capacities.set(uuidIn(id), capacityIn(zones));
  }
  return capacities;
}

/** Null when the zones are damaged: an event is published all the same. */
function capacityIn(zones: string | Uint8Array): number | null {
  try {
    return capacityOf(inflateZones(zones));
  } catch {
    return null;
  }
}

/** The time zone of each provider, as its feed was read last. */
export async function timeZonesOf(db: Db): Promise<ReadonlyMap<string, string>> {
  const rows = await db.selectFrom('feed_state').select(['provider', 'reading']).execute();
  return new Map(rows.map(({ provider, reading }) => [provider, timeZoneIn(reading)]));
}

/** `reading`: see feed-run.ts. */
function timeZoneIn(reading: string): string {
  try {
    const [, , timeZone] = JSON.parse(reading) as unknown[];
    return typeof timeZone === 'string' ? timeZone : utc;
  } catch {
    return utc;
  }
}
