// The entity tag of an answer. The same events have the same tag on every worker and host. It is made of sums of the events'
// hashes, which the segments contain, so that a 304 needs no answer to be built.

import type { Selection } from './selection.ts';

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** Two characters for each value of twelve bits. */
const pairs = Array.from({ length: 4096 }, (_, bits) => `${digits[bits >>> 6]}${digits[bits & 63]}`);

/** The number of events and the 96-bit sum of their hashes, without quotes. */
export function tagOf({ events, sums }: Selection): string {
  const [a, b, c] = sums as unknown as [number, number, number];
  const first = pairAt(a >>> 20) + pairAt((a >>> 8) & 4095) + pairAt(((a & 255) << 4) | (b >>> 28));
  const second = pairAt((b >>> 16) & 4095) + pairAt((b >>> 4) & 4095);
  const third = pairAt(((b & 15) << 8) | (c >>> 24)) + pairAt((c >>> 12) & 4095) + pairAt(c & 4095);
  // Concatenated: a template literal would check the type of each part.
  return String(events) + '-' + first + second + third;
}

const pairAt = (bits: number): string => pairs[bits] as string;
