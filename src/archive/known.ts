// What the archive knows of an event, and how that stands in its row.

import { searchable, type KnownEvent } from '#/domain/absorb.ts';
import { dayOf } from '#/domain/calendar.ts';
import type { CatalogueEvent, Facts, Listing } from '#/domain/event.ts';
import { uuidIn, uuidText, type Db } from './rows.ts';
import type { Tables } from './tables/schema.ts';

export interface StoredEvent extends KnownEvent {
  readonly id: string;
  readonly key: string;
  readonly changedAt: number;
  /** What the search sees; null when the event was never online. */
  readonly shown: CatalogueEvent | null;
}

type Stored = Pick<
  Tables['known_event'],
  'id' | 'record_key' | 'listing' | 'facts' | 'day' | 'shown' | 'changed_at'
>;

/** A query of all that `storedEvent` reads. */
export const selectKnown = (db: Db) =>
  db
    .selectFrom('known_event')
    .select([uuidText(db, 'id').as('id'), 'record_key', 'listing', 'facts', 'day', 'shown', 'changed_at']);

export function storedEvent(row: Stored): StoredEvent {
  const id = uuidIn(row.id);
  const facts = JSON.parse(row.facts) as Facts;
  return {
    id,
    key: row.record_key,
    changedAt: row.changed_at,
    listing: row.listing as Listing,
    facts,
    shown: row.day === null ? null : row.shown === null ? searchable({ id, facts }) : shownIn(id, row.shown),
  };
}

/** What the search sees, out of `shown` or, where that is null, out of `facts`: both name it alike. */
export function shownIn(id: string, text: string): CatalogueEvent {
  const { title, startLocal, endLocal, start, end, minPrice, maxPrice } = JSON.parse(text) as CatalogueEvent;
  return { id, title, startLocal, endLocal, start, end, minPrice, maxPrice };
}

/** The columns `day` and `shown` of an event with these facts that the search sees so. */
export function shownColumns(
  { sellMode }: Facts,
  shown: CatalogueEvent | null,
): [day: number | null, shown: string | null] {
  if (shown === null) return [null, null];
  const { id: _id, ...values } = shown;
  return [dayOf(shown.start), sellMode === 'online' ? null : JSON.stringify(values)];
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
