// What an approval of held withdrawals would withdraw: events that their record no longer has, and events of records that the
// feed of the held run no longer had.

import { sql } from 'kysely';
import { factsIn } from '#/domain/packed/facts.ts';
import { uuidIn } from '#/domain/identity.ts';
import type { Facts, Listing } from '#/domain/event.ts';
import type { Held } from '#/archive/runs/held.ts';
import { heldWithdrawals } from '#/archive/runs/feed-state.ts';
import { uuidText, type Db } from '#/archive/rows.ts';
import { timeZonesOf } from '#/archive/detailed.ts';

export interface HeldEvent {
  /** Its number in the archive, which orders the list. */
  readonly n: number;
  readonly id: string;
  readonly baseId: string;
  readonly planId: string;
  readonly listing: Listing;
  /** False for an event that was never online: it is withdrawn as well. */
  readonly searchable: boolean;
  readonly facts: Facts;
}

export interface HeldPage {
  readonly held: Held;
  readonly timeZone: string;
  readonly events: readonly HeldEvent[];
  readonly hasMore: boolean;
}

const waiting = (db: Db, provider: string) =>
  db
    .selectFrom('known_event')
    .where('provider', '=', provider)
    .where(
      sql<boolean>`(listing = 'missing' or (listing = 'listed' and record_key in (
        select key from feed_record where feed_record.provider = ${provider} and id in (
          select record_id from held_record where held_record.provider = ${provider}))))`,
    );

/** Null when no withdrawals are held. `after`: 0 for the first page. */
export async function heldPage(
  tx: Db,
  provider: string,
  after: number,
  limit: number,
): Promise<HeldPage | null> {
  const held = await heldWithdrawals(tx, provider);
  if (held === null) return null;
  const rows = await waiting(tx, provider)
    .select(['n', uuidText(tx, 'id').as('id'), 'base_id', 'plan_id', 'listing', 'day', 'facts'])
    .where('n', '>', after)
    .orderBy('n')
    .limit(limit + 1)
    .execute();
  return {
    held,
    timeZone: (await timeZonesOf(tx)).get(provider) ?? 'UTC',
    events: rows.slice(0, limit).map((row) => ({
      n: row.n,
      id: uuidIn(row.id),
      baseId: row.base_id,
      planId: row.plan_id,
      listing: row.listing as Listing,
      searchable: row.day !== null,
      facts: factsIn(row.facts),
    })),
    hasMore: rows.length > limit,
  };
}

/** What is held, if the event with this number is a part of it. */
export async function heldWith(tx: Db, provider: string, n: number): Promise<Held | null> {
  const held = await heldWithdrawals(tx, provider);
  if (held === null) return null;
  const row = await waiting(tx, provider).select('n').where('n', '=', n).executeTakeFirst();
  return row === undefined ? null : held;
}
