// The buffers of packed rows. One thread after the other owns them, and the last one frees them at once: V8 counts a buffer until the
// next collection of the old generation of each thread that has seen it, and some megabytes of them bring such a collection about.

import type { PackedTexts } from './texts.ts';
import type { PackedZones } from './zone-bytes.ts';

/** To be passed on to another thread with a message that has the rows. Without those that threads share, and that stay. */
export const buffersOf = (rows: PackedTexts | null, zones: PackedZones | null): ArrayBuffer[] =>
  [rows?.bytes, rows?.ends, zones?.bytes, zones?.ends, zones?.kinds].flatMap((column) =>
    column?.buffer instanceof ArrayBuffer ? [column.buffer] : [],
  );

/** Frees the rows, which are empty from then on. */
export function releaseRows(rows: PackedTexts, zones: PackedZones | null): void {
  for (const buffer of buffersOf(rows, zones)) buffer.transfer(0);
}
