// The long events of a segment as points, start by end, in a flatbush: which of them a range holds is a search of a
// quadrant, however few of those that start in the range also end in it. Source: Vladimir Agafonkin's flatbush, a packed
// Hilbert R-tree.

import Flatbush from 'flatbush';
import type { CatalogueEvent } from '#/domain/event.ts';
import { expect } from './sections.ts';

/** Below, so few are looked through faster one by one. */
export const indexedMin = 256;

/** Empty where there are too few to be worth it. */
export function encodeLongIndex(events: readonly Pick<CatalogueEvent, 'start' | 'end'>[]): Uint8Array {
  if (events.length < indexedMin) return new Uint8Array(0);
  const index = new Flatbush(events.length);
  for (const { start, end } of events) index.add(start, end, start, end);
  index.finish();
  return new Uint8Array(index.data as ArrayBuffer);
}

/** Null where there is none. Throws when the bytes are no index of so many events. */
export function decodeLongIndex(bytes: Buffer, events: number): Flatbush | null {
  expect(
    bytes.length > 0 === events >= indexedMin,
    `an index of ${bytes.length} bytes`,
    `one of ${events} events`,
  );
  if (bytes.length === 0) return null;
  const index = Flatbush.from(bytes.buffer, bytes.byteOffset);
  expect(index.numItems === events, `an index of ${index.numItems} events`, events);
  return index;
}

/** Ordinals of the events that start at `start` or later and end at `end` or earlier, in their order. */
export const searchLongIndex = (index: Flatbush, start: number, end: number): Uint32Array =>
  // A typed array sorts by number without being told to.
  Uint32Array.from(index.search(start, -Infinity, end, end)).sort();
