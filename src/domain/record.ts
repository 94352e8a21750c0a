// What a record of a feed turned out to say: the door between whoever reads feeds and whoever keeps what they say.

import type { Observation } from './event.ts';
import type { Refusal } from './refusal.ts';

/** Where something stands in the feed: bytes from 0, line and column from 1. */
export interface Place {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

/** A part of a record that could not be taken: one event, or all of it when there is no plan id. */
export interface RecordFault {
  readonly refusal: Refusal;
  readonly baseId: string | null;
  readonly planId: string | null;
  readonly place: Place;
}

/** Something of a record that was not as it should be, and was read as it was probably meant. */
export interface Repair {
  /** Stable: `charset_repaired`, … */
  readonly code: string;
  readonly message: string;
  readonly times: number;
}

/** One record, as far as it could be read. */
export interface ParsedRecord {
  /** What the record is of, unlike any other of its provider: a base id. Null when it is too broken to tell. */
  readonly key: string | null;
  readonly observations: readonly Observation[];
  /** The zones of the observations by the hash of their content: short JSON. */
  readonly zones: ReadonlyMap<string, string>;
  readonly faults: readonly RecordFault[];
  /** Wall clocks that did not exist or existed twice, by the provider's time zone. */
  readonly irregularClocks: number;
  /** Events that the record held more than once; the last one was taken. */
  readonly duplicates: number;
  readonly repairs?: readonly Repair[];
}
