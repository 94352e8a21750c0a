// A provider, as its entry in the providers file configures it.

import type { GateLimits } from '#/domain/gate.ts';
import type { PriceZones } from '#/domain/price.ts';
import type { Mapping } from './mapping.ts';

export interface Provider {
  readonly name: string;
  /** Without user and password: those are in `headers`. */
  readonly url: string;
  /** Sent to the origin of `url` only; names in lower case. They may contain secrets: never log or show them. */
  readonly headers: Readonly<Record<string, string>>;
  /** Hosts that the feed may redirect to, as `host` or `host:port`. */
  readonly redirectHosts: readonly string[];
  /** The feed may be at a private address although its host has a public name. Default: false. */
  readonly privateAddresses?: boolean;
  readonly format: FormatName | 'auto';
  readonly timeZone: string;
  readonly priceZones: PriceZones;
  /** Refuse values that are not in the expected form, instead of repairing them or leaving them unknown. */
  readonly strict: boolean;
  /** Accept HTML entities and a bare "&" in XML. Default: false. */
  readonly lenientXml?: boolean;
  /** For the formats in `mappedFormats`, and only for them. */
  readonly mapping?: Mapping | undefined;
  /** The interval between two runs while the feed changes. */
  readonly pollSeconds: number;
  /** The longest interval while the feed does not change. */
  readonly pollSecondsMax: number;
  readonly limits: FeedLimits;
  readonly gate: GateLimits;
}

export const formatNames = [
  'plan-list-xml',
  'event-list-xml',
  'ndjson',
  'jsonld',
  'json',
  'csv',
  'rpde',
] as const;
export type FormatName = (typeof formatNames)[number];
/** The formats whose feed is a sequence of pages, which report deletions. */
export const pagedFormats: ReadonlySet<string> = new Set(['rpde']);
/** The formats that are read by the mapping of the entry. */
export const mappedFormats: ReadonlySet<string> = new Set(['json', 'csv']);

export interface FeedLimits {
  /** From the start of the connection to the last byte. */
  readonly totalMs: number;
  /** Until the response headers. */
  readonly headersMs: number;
  /** Between two chunks of the body. */
  readonly idleMs: number;
  /** As transferred, and after decompression. */
  readonly bytesMax: number;
  readonly decodedBytesMax: number;
  readonly recordBytesMax: number;
  /** The average over the time spent waiting for the provider; checked after ten seconds. */
  readonly bytesPerSecondMin: number;
}
