// Absorbs an observation into what is known of its event. The result is the change that the journal records.

import type { CatalogueEvent, Facts, Listing, Observation } from './event.ts';
import { statusOf } from './status.ts';

export interface KnownEvent {
  readonly listing: Listing;
  readonly facts: Facts;
}

export type ChangeKind = 'added' | 'changed' | 'relisted' | 'withdrawn';

/** One entry of the journal. With all entries before it, it is enough to rebuild the event as it was then. */
export interface Change {
  readonly kind: ChangeKind;
  readonly before: KnownEvent | null;
  readonly after: KnownEvent;
}

/** The change that an observation makes; null when it contains nothing new. */
export function absorb(known: KnownEvent | null, observation: Observation): Change | null {
  const after: KnownEvent = { listing: 'listed', facts: observation.facts };
  if (known === null) return { kind: 'added', before: null, after };
  if (!sameFacts(known.facts, observation.facts)) return { kind: 'changed', before: journaled(known), after };
  // The journal never recorded that a missing event was gone, so its return is not a change.
  return known.listing === 'withdrawn' ? { kind: 'relisted', before: known, after } : null;
}

/** For an event that a complete feed no longer has. It stays searchable: a search ignores the listing. */
export function withdraw(known: KnownEvent): Change {
  return { kind: 'withdrawn', before: journaled(known), after: { ...known, listing: 'withdrawn' } };
}

/** The event as the journal last recorded it. The journal does not record that an event is missing. */
const journaled = (known: KnownEvent): KnownEvent =>
  known.listing === 'missing' ? { ...known, listing: 'listed' } : known;

/** The values that a search now returns; null when the event is offline, which leaves the earlier values in place. */
export function searchable({ id, facts }: Pick<Observation, 'id' | 'facts'>): CatalogueEvent | null {
  if (facts.sellMode !== 'online') return null;
  const { title, startLocal, endLocal, start, end, minPrice, maxPrice } = facts;
  return { id, title, startLocal, endLocal, start, end, minPrice, maxPrice };
}

/** A fact that earlier versions of Marquee did not store does not count: the zones, whose hash is compared, determine it. */
function sameFacts(a: Facts, b: Facts): boolean {
  if (statusOf(a) !== statusOf(b)) return false;
  for (const key in b) {
    const known = a[key as keyof Facts];
    if (known !== undefined && known !== b[key as keyof Facts]) return false;
  }
  return true;
}

/** Whether all that `/events` and `/events/{id}` return of an event beyond `/search` is the same. */
export const sameDetails = (a: KnownEvent | null, b: KnownEvent): boolean =>
  a !== null &&
  a.facts.sellMode === b.facts.sellMode &&
  a.facts.sellFrom === b.facts.sellFrom &&
  a.facts.sellTo === b.facts.sellTo &&
  a.facts.soldOut === b.facts.soldOut &&
  statusOf(a.facts) === statusOf(b.facts) &&
  a.facts.capacity === b.facts.capacity &&
  a.facts.zonesHash === b.facts.zonesHash &&
  (a.listing === 'withdrawn') === (b.listing === 'withdrawn');
