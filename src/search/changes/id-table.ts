// Finds events by id among those of a list: a hash table with open addressing, of 8 bytes per event at most 16.

import type { Edition } from '#/search/events/edition.ts';
import { placeOf, segmentOf } from '#/search/events/refs.ts';
import { idOfPlace } from '#/snapshot/places.ts';

export interface IdTable {
  /** Takes the event with this id out of the table. Returns its index in the list; -1 when it is not there. */
  take(id: string): number;
}

export const idOfRef = ({ segments }: Edition, ref: number): string => {
  const segment = segments[segmentOf(ref)];
  if (segment === undefined)
    throw new Error(`Got an event of segment ${segmentOf(ref)}, expected one of ${segments.length}.`);
  return idOfPlace(segment, placeOf(ref));
};

const [free, taken] = [-1, -2];

/** `refs`: of events of the edition. */
export function createIdTable(edition: Edition, refs: readonly number[]): IdTable {
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * Math.max(1, refs.length)))).fill(free);
  const mask = slots.length - 1;
  // Ids are UUIDs of version 5: their first digits are those of a hash.
  const slotOf = (id: string): number => Number.parseInt(id.slice(0, 8), 16) & mask;
  refs.forEach((ref, i) => {
    let slot = slotOf(idOfRef(edition, ref));
    while (slots[slot] !== free) slot = (slot + 1) & mask;
    slots[slot] = i;
  });
  return {
    take(id) {
      for (let slot = slotOf(id); slots[slot] !== free; slot = (slot + 1) & mask) {
        const i = slots[slot] as number;
        if (i === taken || idOfRef(edition, refs[i] as number) !== id) continue;
        slots[slot] = taken;
        return i;
      }
      return -1;
    },
  };
}
