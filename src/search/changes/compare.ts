// Compares two states of one event by their columns, without rendering them.

import { isListed, isOffline, sourceOf } from '#/snapshot/details.ts';
import { statusAt } from '#/snapshot/statuses.ts';
import { endOf, layerOf, ordinalOf } from '#/snapshot/places.ts';
import type { DetailedSegment } from '#/search/events/edition.ts';
import { kindBetween, type ChangeKind, type Standing } from './kinds.ts';
import { hasSameText } from './walk.ts';

const numberColumns = ['saleFrom', 'saleTo', 'minPrices', 'maxPrices', 'capacities'] as const;

/** Whether `/events` returns the same of both. They are the same event, and start at the same time. */
export function isSame(a: DetailedSegment, i: number, b: DetailedSegment, j: number): boolean {
  const [one, other] = [a.details, b.details];
  const [traits, otherTraits] = [one.traits[i] as number, other.traits[j] as number];
  const [source, otherSource] = [sourceOf(traits), sourceOf(otherTraits)];
  if (traits - source !== otherTraits - otherSource) return false;
  for (const name of numberColumns) if (one[name][i] !== other[name][j]) return false;
  return (
    statusAt(one, i) === statusAt(other, j) &&
    one.sources[source]?.timeZone === other.sources[otherSource]?.timeZone &&
    endOf(a, i) === endOf(b, j) &&
    hasSameText(layerOf(a, i), ordinalOf(a, i), layerOf(b, j), ordinalOf(b, j))
  );
}

/** What happened from state `a` to state `b`, which differ. */
export const kindOf = (a: DetailedSegment, i: number, b: DetailedSegment, j: number): ChangeKind =>
  kindBetween(standingOf(a, i), standingOf(b, j));

export function standingOf({ details }: DetailedSegment, place: number): Standing {
  const traits = details.traits[place] as number;
  return { listed: isListed(traits), offline: isOffline(traits) };
}
