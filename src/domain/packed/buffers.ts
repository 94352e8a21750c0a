// The buffers of packed rows. One thread after the other owns them, and the last one frees them at once: V8 counts a buffer until the
// next collection of the old generation of each thread that has seen it, and some megabytes of them bring such a collection about.

import type { PackedTexts } from './texts.ts';
import type { PackedZones } from './zone-bytes.ts';

/**
 * To be passed on to another thread with a message that has the rows: nobody may have anything else in these buffers. None of rows that
 * threads share, which are left as they are.
 */
export function buffersOf(rows: PackedTexts | null, zones: PackedZones | null): ArrayBuffer[] {
  const parts = [rows, zones].filter((part) => part?.bytes.buffer instanceof ArrayBuffer);
  const columns = parts.flatMap((part) => Object.values(part ?? {}).filter(ArrayBuffer.isView));
  return [...new Set(columns.map(({ buffer }) => buffer as ArrayBuffer))];
}

/** Frees the rows, which are empty from then on. */
export function releaseRows(rows: PackedTexts, zones: PackedZones | null): void {
  for (const buffer of buffersOf(rows, zones)) buffer.transfer(0);
}
