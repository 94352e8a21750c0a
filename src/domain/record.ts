// The result of parsing one record: the interface between the provider modules and the archive.

import type { Observation } from './event.ts';
import type { Refusal } from './refusal.ts';

/** A position in the feed: the byte offset from 0, line and column from 1. */
export interface Place {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

/** A part of a record that could not be read: one event, or the whole record when `planId` is null. */
export interface RecordFault {
  readonly refusal: Refusal;
  readonly baseId: string | null;
  readonly planId: string | null;
  readonly place: Place;
}

/** A kind of value that was accepted although it is not in the expected form: repaired, or left unknown. */
export interface Remark {
  readonly kind: 'repaired' | 'unknown';
  /** `price_repaired`, `capacity_unknown`, … */
  readonly code: string;
  /** From here to `place`: the first occurrence in the record. */
  readonly message: string;
  readonly baseId: string | null;
  readonly planId: string | null;
  readonly place: Place;
  /** Occurrences in the record. */
  readonly times: number;
}

/** What a record reports of one event, with its zones. */
export interface ParsedObservation extends Observation {
  /** The text of its ZoneSet; empty when the record does not have it. */
  readonly zonesText: string;
}

/** One record, as far as it could be read. */
export interface ParsedRecord {
  /** The base id, unique among the provider's records. Null when the record is too damaged to have one. */
  readonly key: string | null;
  readonly observations: readonly ParsedObservation[];
  readonly faults: readonly RecordFault[];
  /** Wall clocks that do not exist or exist twice in the provider's time zone. */
  readonly irregularClocks: number;
  /** Events that appear more than once in the record. The last one counts. */
  readonly duplicates: number;
  /** One per code; absent when there are none. */
  readonly remarks?: readonly Remark[];
}
