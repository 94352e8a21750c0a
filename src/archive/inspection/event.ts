// All that the archive has of one event, also of one that was never online.

import type { CatalogueEvent, Facts, Listing } from '#/domain/event.ts';
import { searchable } from '#/domain/absorb.ts';
import { factsIn, shownIn } from '#/domain/packed/facts.ts';
import { timeZonesOf } from '#/archive/detailed.ts';
import type { EventRow } from '#/archive/history/states.ts';
import { entriesOf } from '#/archive/history/states.ts';
import { stateIn } from '#/archive/known.ts';
import { idsOf, type Db } from '#/archive/rows.ts';

export interface InspectedEvent {
  readonly row: EventRow;
  readonly recordKey: string;
  readonly listing: Listing;
  /** What the feed reported last. */
  readonly facts: Facts;
  /** What the search sees; null when the event was never online. */
  readonly shown: CatalogueEvent | null;
  readonly changedAt: number;
  /** The IANA name of the provider's time zone. */
  readonly timeZone: string;
}

/** Null when the archive does not have it. `tx`: a transaction that sees one state of the archive. */
export async function inspectedEvent(tx: Db, id: string): Promise<InspectedEvent | null> {
  const row = await tx
    .selectFrom('known_event')
    .select([
      'n',
      'provider',
      'base_id',
      'plan_id',
      'record_key',
      'listing',
      'facts',
      'day',
      'shown',
      'first_seen_at',
      'changed_at',
      'zones',
    ])
    .where('id', 'in', idsOf(tx, [id]))
    .executeTakeFirst();
  if (row === undefined) return null;
  return {
    row,
    recordKey: row.record_key,
    listing: row.listing as Listing,
    facts: factsIn(row.facts),
    shown: row.day === null ? null : shownIn(id, JSON.parse(row.shown ?? row.facts) as unknown[]),
    changedAt: row.changed_at,
    timeZone: (await timeZonesOf(tx)).get(row.provider) ?? 'UTC',
  };
}

/** An older version may have the event at one of these. */
const startsMax = 200;

/** Instants at which a version of the catalogue may have the event: now, and before each of its newest changes. */
export async function possibleStarts(
  tx: Db,
  id: string,
  { row, shown }: InspectedEvent,
): Promise<Set<number>> {
  const entries = await entriesOf(tx, row)
    .select('before')
    .where('before', 'is not', null)
    .orderBy('seq', 'desc')
    .limit(startsMax)
    .execute();
  const earlier = entries.flatMap(({ before }) => {
    const then = before === null ? null : searchable({ id, facts: stateIn(before).facts });
    return then === null ? [] : [then.start];
  });
  return new Set(shown === null ? earlier : [shown.start, ...earlier]);
}
