// An outside source, as the providers file describes it.

import type { GateLimits } from '#/domain/gate.ts';
import type { PriceZones } from '#/domain/price.ts';

export interface Provider {
  readonly name: string;
  /** Without user and password: those are in `headers`. */
  readonly url: string;
  /** Sent to the origin of `url` only; names in lower case. They may hold secrets: never logged, never told. */
  readonly headers: Readonly<Record<string, string>>;
  /** Hosts that its feed may redirect to, `host` or `host:port`. */
  readonly redirectHosts: readonly string[];
  readonly format: FormatName | 'auto';
  readonly timeZone: string;
  readonly priceZones: PriceZones;
  /** Whether values that are not written as they should be are refused, instead of repaired or left unknown. */
  readonly strict: boolean;
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
