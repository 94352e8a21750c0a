// What an answer is called: the same events, the same tag, on every worker and host. Made from sums of the events' hashes,
// which the segments hold beforehand, so that a client's copy is recognised before anything is assembled.

import type { Selection } from './selection.ts';

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** Twelve bits as two characters, for all twelve bits that there are. */
const pairs = Array.from({ length: 4096 }, (_, bits) => `${digits[bits >>> 6]}${digits[bits & 63]}`);

/** The number of events and 96 bits of their hashes' sum, without quotes. */
export function tagOf({ events, sums }: Selection): string {
  const [a, b, c] = sums as unknown as [number, number, number];
  return `${events}-${pairs[a >>> 20]}${pairs[(a >>> 8) & 4095]}${pairs[((a & 255) << 4) | (b >>> 28)]}${
    pairs[(b >>> 16) & 4095]
  }${pairs[(b >>> 4) & 4095]}${pairs[((b & 15) << 8) | (c >>> 24)]}${pairs[(c >>> 12) & 4095]}${pairs[c & 4095]}`;
}
