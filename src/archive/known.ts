// What the archive knows of an event, and how that stands in its row. Facts are a JSON array, by the order of `factNames`: half
// as long as an object, and faster to write and to read.

import type { KnownEvent } from '#/domain/absorb.ts';
import { dayOf } from '#/domain/calendar.ts';
import type { CatalogueEvent, Facts, Listing } from '#/domain/event.ts';
import { uuidIn, uuidText, type Db } from './rows.ts';
import { factNames } from './tables/facts.ts';
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
    facts: factsOf(JSON.parse(row.facts) as unknown[]),
    shown: row.day === null ? null : shownIn(id, JSON.parse(row.shown ?? row.facts) as unknown[]),
  };
}

export function factsText(facts: Facts): string {
  const values = factNames.map((name) => facts[name]);
  // A fact that is absent stays absent: in JSON it would become null.
  if (facts.capacity === undefined) values.pop();
  return JSON.stringify(values);
}

const factsOf = (values: readonly unknown[]): Facts =>
  Object.fromEntries(values.map((value, i) => [factNames[i], value])) as Facts;

/** The journal's state of an event: its listing, then its facts. */
export const stateText = ({ listing, facts }: KnownEvent): string =>
  `[${JSON.stringify(listing)},${factsText(facts)}]`;

export function stateIn(text: string): KnownEvent {
  const [listing, values] = JSON.parse(text) as [Listing, unknown[]];
  return { listing, facts: factsOf(values) };
}

/** What the search sees, from the values of the column `shown` or, where that is null, of `facts`, which begin with the same. */
export function shownIn(id: string, values: readonly unknown[]): CatalogueEvent {
  const [title, startLocal, endLocal, start, end, minPrice, maxPrice] = values as unknown as ShownValues;
  return { id, title, startLocal, endLocal, start, end, minPrice, maxPrice };
}

type ShownValues = [string, string, string, number, number, number | null, number | null];

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
