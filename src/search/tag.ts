// What an answer is called: the same events, the same tag, on every worker and host. Made from sums of the events' hashes,
// which the segments hold beforehand, so that a client's copy is recognised before anything is assembled.

import type { Selection } from './selection.ts';

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** Twelve bits as two characters, for all twelve bits that there are. */
const pairs = Array.from({ length: 4096 }, (_, bits) => `${digits[bits >>> 6]}${digits[bits & 63]}`);

/** The number of events and 96 bits of their hashes' sum, without quotes. */
export function tagOf({ events, sums }: Selection): string {
  const [a, b, c] = sums as unknown as [number, number, number];
  const first = pairAt(a >>> 20) + pairAt((a >>> 8) & 4095) + pairAt(((a & 255) << 4) | (b >>> 28));
  const second = pairAt((b >>> 16) & 4095) + pairAt((b >>> 4) & 4095);
  const third = pairAt(((b & 15) << 8) | (c >>> 24)) + pairAt((c >>> 12) & 4095) + pairAt(c & 4095);
  // Added, not put into a template: there, each part would be asked whether it is a text.
  return String(events) + '-' + first + second + third;
}

const pairAt = (bits: number): string => pairs[bits] as string;
