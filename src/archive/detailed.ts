// Events as a segment holds them: the values last seen online, and the details that the feed reports now.

import type { DetailedEvent, EventDetails, SellMode } from '#/domain/event.ts';
import { capacityOf, inflateZones } from '#/domain/zones.ts';
import { shownIn } from './known.ts';
import { idsOf, uuidIn, uuidText, type Db } from './rows.ts';
import { factNames } from '#/domain/packed/facts.ts';

const [sellModeAt, sellFromAt, sellToAt, soldOutAt, capacityAt] = (
  ['sellMode', 'sellFrom', 'sellTo', 'soldOut', 'capacity'] as const
).map((name) => factNames.indexOf(name)) as [number, number, number, number, number];

/** The zones of this many events are inflated at the same time. */
const zonesPage = 500;
const utc = 'UTC';

/** The events that start on the days from `fromDay` up to but not including `toDay`, in any order. */
export async function detailedEvents(
  db: Db,
  fromDay: number,
  toDay: number,
  timeZones: ReadonlyMap<string, string>,
): Promise<DetailedEvent[]> {
  const rows = await db
    .selectFrom('known_event')
    .select([uuidText(db, 'id').as('id'), 'provider', 'base_id', 'plan_id', 'listing', 'facts', 'shown'])
    .where('day', '>=', fromDay)
    .where('day', '<', toDay)
    .execute();
  const without: string[] = [];
  const events = rows.map((row): DetailedEvent => {
    const id = uuidIn(row.id);
    const facts = JSON.parse(row.facts) as unknown[];
    if (facts[capacityAt] === undefined) without.push(id);
    const shown = shownIn(id, row.shown === null ? facts : (JSON.parse(row.shown) as unknown[]));
    return {
      ...shown,
      provider: row.provider,
      timeZone: timeZones.get(row.provider) ?? utc,
      baseId: row.base_id,
      planId: row.plan_id,
      sellMode: facts[sellModeAt] as SellMode,
      sellFrom: facts[sellFromAt] as string | null,
      sellTo: facts[sellToAt] as string | null,
      soldOut: facts[soldOutAt] as boolean | null,
      capacity: (facts[capacityAt] ?? null) as number | null,
      listed: row.listing !== 'withdrawn',
    };
  });
  if (without.length === 0) return events;
  const capacities = await capacitiesOf(db, without);
  return events.map((event) => ({ ...event, capacity: capacities.get(event.id) ?? event.capacity }));
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
