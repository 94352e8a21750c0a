// An outside source, as the providers file describes it.

import type { PriceZones } from '#/domain/price.ts';

export interface Provider {
  readonly name: string;
  readonly url: string;
  readonly format: FormatName | 'auto';
  readonly timeZone: string;
  readonly priceZones: PriceZones;
  readonly pollSeconds: number;
  readonly limits: FeedLimits;
}

export type FormatName = 'plan-list-xml' | 'event-list-xml';

export interface FeedLimits {
  /** From the start of the connection to the last byte. */
  readonly totalMs: number;
  /** Until the headers of the answer are there. */
  readonly headersMs: number;
  /** Between two pieces of the body. */
  readonly idleMs: number;
  readonly connectMs: number;
  /** On the wire, and after decompression. */
  readonly bytesMax: number;
  readonly decodedBytesMax: number;
  readonly recordBytesMax: number;
  /** Averaged over the time spent waiting for the provider, once that is more than ten seconds. */
  readonly bytesPerSecondMin: number;
}
