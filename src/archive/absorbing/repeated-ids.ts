// Whether an id occurs twice in a batch, which is rare: an open hash table of their places, for a fraction of the cost of a Map.
// Source: linear probing, as in digests.ts.

import { hashOfText } from '#/kit/text-hash.ts';

/** `ids`: UUIDs. */
export function haveRepeated(ids: readonly string[]): boolean {
  const mask = 2 ** Math.ceil(Math.log2(2 * ids.length + 1)) - 1;
  /** Places in `ids`, plus one. */
  const slots = new Uint32Array(mask + 1);
  let place = 0;
  for (const id of ids) {
    let slot = hashOfText(id) & mask;
    for (let other = slots[slot] ?? 0; other !== 0; other = slots[slot] ?? 0) {
      if (ids[other - 1] === id) return true;
      slot = (slot + 1) & mask;
    }
    slots[slot] = ++place;
  }
  return false;
}
