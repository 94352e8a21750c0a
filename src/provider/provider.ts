// An outside source, as the providers file describes it.

import type { GateLimits } from '#/domain/gate.ts';
import type { PriceZones } from '#/domain/price.ts';

export interface Provider {
  readonly name: string;
  readonly url: string;
  readonly format: FormatName | 'auto';
  readonly timeZone: string;
  readonly priceZones: PriceZones;
  /** References that only HTML has, and a bare "&", are read as they are meant; false when it is not set. */
  readonly lenientXml?: boolean;
  /** Between two runs of a feed that changes. */
  readonly pollSeconds: number;
  /** Between two runs of a feed that stays quiet. */
  readonly pollSecondsMax: number;
  readonly limits: FeedLimits;
  readonly gate: GateLimits;
}

export const formatNames = ['plan-list-xml', 'event-list-xml', 'ndjson'] as const;
export type FormatName = (typeof formatNames)[number];

export interface FeedLimits {
  /** From the start of the connection to the last byte. */
  readonly totalMs: number;
  /** Until the headers of the answer are there. */
  readonly headersMs: number;
  /** Between two pieces of the body. */
  readonly idleMs: number;
  /** On the wire, and after decompression. */
  readonly bytesMax: number;
  readonly decodedBytesMax: number;
  readonly recordBytesMax: number;
  /** Averaged over the time spent waiting for the provider, once that is more than ten seconds. */
  readonly bytesPerSecondMin: number;
}
