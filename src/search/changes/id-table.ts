// Finds events by id among those of a list: a hash table with open addressing, of 8 to 16 bytes per event.

import { mixed } from '#/kit/text-hash.ts';
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

/** Events between two points at which the table can be interrupted while it is made. */
const sliceEvents = 2048;

/** `refs`: of events of the edition. Yields when others may be given their turn. */
export function* idTableOf(edition: Edition, refs: readonly number[]): Generator<void, IdTable> {
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * Math.max(1, refs.length)))).fill(free);
  const mask = slots.length - 1;
  for (const [i, ref] of refs.entries()) {
    let slot = hashOf(idOfRef(edition, ref)) & mask;
    while (slots[slot] !== free) slot = (slot + 1) & mask;
    slots[slot] = i;
    if (i % sliceEvents === 0) yield;
  }
  return {
    take(id) {
      for (let slot = hashOf(id) & mask; slots[slot] !== free; slot = (slot + 1) & mask) {
        const i = slots[slot] as number;
        if (i === taken || idOfRef(edition, refs[i] as number) !== id) continue;
        slots[slot] = taken;
        return i;
      }
      return -1;
    },
  };
}

/** Ids are hashes themselves, but those of a test or of a later version need not be. */
const hashOf = (id: string): number =>
  mixed(Number.parseInt(id.slice(0, 8), 16) ^ Number.parseInt(id.slice(28), 16));
