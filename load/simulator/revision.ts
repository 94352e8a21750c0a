// What has happened to one record by a given revision, worked out on the spot: no history is kept.
//
// The records stand in a ring, in a seeded order. Each revision edits the next `changedPerRevision` of them, so it
// changes that many different records exactly, and any record can tell how often the ring has passed it.

import { seedOf } from './random.ts';
import type { Recipe } from './recipe.ts';

/** How the first plan of a record, and its first zone, differ from revision 0. */
export interface Edits {
  readonly centsDearer: number;
  readonly seatsSold: number;
  readonly minutesLater: number;
}

/** The edits take turns between price, capacity and end time; each wraps around, and no two in a row are alike. */
export function editsAt(recipe: Recipe, ordinal: number): Edits {
  const count = editCount(recipe, ordinal);
  if (recipe.zonesPerPlan === 0) return { centsDearer: 0, seatsSold: 0, minutesLater: 10 * (count % 7) };
  const share = (turn: number): number => Math.floor((count + ((ordinal + turn) % 3)) / 3);
  return { centsDearer: 50 * (share(0) % 40), seatsSold: share(1) % 60, minutesLater: 10 * (share(2) % 7) };
}

function editCount({ seed, bases, revision, changedPerRevision }: Recipe, ordinal: number): number {
  const place = (ordinal * strideOf(seed, bases) + (seed % bases)) % bases;
  return Math.max(0, Math.ceil((revision * changedPerRevision - place) / bases));
}

/** A step that shares no factor with the length of the ring visits every place of it once. */
function strideOf(seed: number, bases: number): number {
  let stride = (seedOf(seed, bases) % bases) + 1;
  while (greatestCommonDivisor(stride, bases) !== 1) stride++;
  return stride;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
