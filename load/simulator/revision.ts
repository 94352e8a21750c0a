// The state of one record at a given revision, computed directly: no history is stored.
//
// The records form a ring, in a seeded order. Each revision edits the next `changedPerRevision` of them, so it changes exactly
// that many different records, and the number of edits of any record follows from its place in the ring.

import { seedOf } from './random.ts';
import type { Recipe } from './recipe.ts';

/** How the first plan of a record, and its first zone, differ from revision 0. */
export interface Edits {
  readonly centsDearer: number;
  readonly seatsSold: number;
  readonly minutesLater: number;
}

/** The edits alternate between price, capacity and end time. Each wraps around; consecutive edits always differ. */
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

/** A step that is coprime to the length of the ring visits every place once. */
function strideOf(seed: number, bases: number): number {
  let stride = (seedOf(seed, bases) % bases) + 1;
  while (greatestCommonDivisor(stride, bases) !== 1) stride++;
  return stride;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
