// What the archive knows of an event, and how that stands in its row. The columns are those of `known_event`.

import type { KnownEvent } from '#/domain/absorb.ts';
import { dayOf } from '#/domain/time/calendar.ts';
import type { CatalogueEvent, Facts, Listing } from '#/domain/event.ts';
import { factNames, factsIn, factsOf, factsText, shownIn, type ShownValues } from '#/domain/packed/facts.ts';
import { uuidIn } from '#/domain/identity.ts';
import { sql, type RawBuilder } from 'kysely';
import { isPostgres, uuidText, type Db } from './rows.ts';
import type { Tables } from './tables/schema.ts';

export interface StoredEvent extends KnownEvent {
  readonly n: number;
  readonly id: string;
  readonly key: string;
  readonly changedAt: number;
  /** What the search sees; null when the event was never online. */
  readonly shown: CatalogueEvent | null;
}

type Stored = Pick<
  Tables['known_event'],
  'id' | 'record_key' | 'listing' | 'facts' | 'day' | 'shown' | 'changed_at'
> & { readonly n: number };

/** A query of all that `storedEvent` reads. */
export const selectKnown = (db: Db) =>
  db
    .selectFrom('known_event')
    .select([
      'n',
      uuidText(db, 'id').as('id'),
      'record_key',
      'listing',
      'facts',
      'day',
      'shown',
      'changed_at',
    ]);

export function storedEvent(row: Stored): StoredEvent {
  const id = uuidIn(row.id);
  return {
    n: row.n,
    id,
    key: row.record_key,
    changedAt: row.changed_at,
    listing: row.listing as Listing,
    facts: factsIn(row.facts),
    shown: row.day === null ? null : shownIn(id, JSON.parse(row.shown ?? row.facts) as unknown[]),
  };
}

/** At least the number of all events: the last number that one was given, which is found without reading the table. */
export async function eventsAtMost(db: Db): Promise<number> {
  const last = await db
    .selectFrom('known_event')
    .select((eb) => eb.fn.max('n').as('n'))
    .executeTakeFirst();
  return last?.n ?? 0;
}

/** The journal's state of an event: its listing, then its facts. */
export const stateText = ({ listing, facts }: KnownEvent): string =>
  `[${JSON.stringify(listing)},${factsText(facts)}]`;

export function stateIn(text: string): KnownEvent {
  const [listing, values] = JSON.parse(text) as [Listing, unknown[]];
  return { listing, facts: factsOf(values) };
}

/** The columns `day` and `shown` of an event with these facts that the search sees so. */
export function shownColumns(
  { sellMode }: Facts,
  shown: CatalogueEvent | null,
): [day: number | null, shown: string | null] {
  if (shown === null) return [null, null];
  const { title, startLocal, endLocal, start, end, minPrice, maxPrice } = shown;
  const values: ShownValues = [title, startLocal, endLocal, start, end, minPrice, maxPrice];
  return [dayOf(start), sellMode === 'online' ? null : JSON.stringify(values)];
}

export const sameShown = (a: CatalogueEvent | null, b: CatalogueEvent | null): boolean =>
  a === b ||
  (a !== null &&
    b !== null &&
    a.title === b.title &&
    a.start === b.start &&
    a.end === b.end &&
    a.startLocal === b.startLocal &&
    a.endLocal === b.endLocal &&
    a.minPrice === b.minPrice &&
    a.maxPrice === b.maxPrice);

const sellModeAt = factNames.indexOf('sellMode');

/** Whether an entry's state before it was online; with `listed`, in the feed as well. */
export function wasOnline(db: Db, listed: boolean): RawBuilder<boolean> {
  const [listing, sellMode] = isPostgres(db)
    ? [sql`(before::json ->> 0)`, sql.raw(`(before::json -> 1 ->> ${sellModeAt})`)]
    : [sql`before ->> '$[0]'`, sql.raw(`before ->> '$[1][${sellModeAt}]'`)];
  return listed ? sql`${sellMode} = 'online' and ${listing} = 'listed'` : sql`${sellMode} = 'online'`;
}
