// Folding an observation into what is known of its event: what the journal writes, and what the search will see.

import type { CatalogueEvent, Facts, Listing, Observation } from './event.ts';

export interface KnownEvent {
  readonly listing: Listing;
  readonly facts: Facts;
}

export type ChangeKind = 'added' | 'changed' | 'relisted' | 'withdrawn';

/** One line of the journal: enough, with all that came before, to rebuild the event as it then was. */
export interface Change {
  readonly kind: ChangeKind;
  readonly before: KnownEvent | null;
  readonly after: KnownEvent;
}

/** The change that an observation makes; null when it says nothing new. */
export function absorb(known: KnownEvent | null, observation: Observation): Change | null {
  const after: KnownEvent = { listing: 'listed', facts: observation.facts };
  if (known === null) return { kind: 'added', before: null, after };
  if (!sameFacts(known.facts, observation.facts)) return { kind: 'changed', before: told(known), after };
  // What was only missing was never said to be gone: nothing to tell.
  return known.listing === 'withdrawn' ? { kind: 'relisted', before: known, after } : null;
}

/** A complete feed no longer has the event. It stays searchable: the search never asks for the listing. */
export function withdraw(known: KnownEvent): Change {
  return { kind: 'withdrawn', before: told(known), after: { ...known, listing: 'withdrawn' } };
}

/** As the journal last told it: what is only missing was never told to be so. */
const told = (known: KnownEvent): KnownEvent =>
  known.listing === 'missing' ? { ...known, listing: 'listed' } : known;

/** What the search sees from now on; null where the observation was made offline and leaves the search alone. */
export function searchable({ id, facts }: Pick<Observation, 'id' | 'facts'>): CatalogueEvent | null {
  if (facts.sellMode !== 'online') return null;
  const { title, startLocal, endLocal, start, end, minPrice, maxPrice } = facts;
  return { id, title, startLocal, endLocal, start, end, minPrice, maxPrice };
}

function sameFacts(a: Facts, b: Facts): boolean {
  for (const key in b) if (a[key as keyof Facts] !== b[key as keyof Facts]) return false;
  return true;
}
