// A flatbush over the long events of a segment, as points (start, end). The events that a range contains are a quadrant, and
// the index finds them without visiting the many that start in the range but end outside. Source: Vladimir Agafonkin's
// flatbush, a packed Hilbert R-tree.

import Flatbush from 'flatbush';
import { expect } from './sections.ts';

/** With fewer events than this, a linear scan is faster. */
export const indexedMin = 256;

/** Empty when there are fewer than `indexedMin` events. */
export function encodeLongIndex(starts: Float64Array, ends: Float64Array): Uint8Array {
  if (starts.length < indexedMin) return new Uint8Array(0);
  const index = new Flatbush(starts.length);
  for (const [i, start] of starts.entries()) {
    const end = ends[i] as number;
    index.add(start, end, start, end);
  }
  index.finish();
  return new Uint8Array(index.data as ArrayBuffer);
}

/** Null when there are fewer than `indexedMin` events. Throws when the bytes are not an index of this many events. */
export function decodeLongIndex(bytes: Buffer, events: number): Flatbush | null {
  expect(
    bytes.length > 0 === events >= indexedMin,
    `an index of ${bytes.length} bytes for ${events} events`,
    `an index from ${indexedMin} events`,
  );
  if (bytes.length === 0) return null;
  const index = Flatbush.from(bytes.buffer, bytes.byteOffset);
  expect(index.numItems === events, `an index of ${index.numItems} events`, events);
  return index;
}

/** Ordinals of the events that start at `start` or later and end at `end` or earlier, in their order. */
export const searchLongIndex = (index: Flatbush, start: number, end: number): Uint32Array =>
  // A typed array sorts numerically.
  Uint32Array.from(index.search(start, -Infinity, end, end)).sort();
