// A record is one base element of a feed, as bytes. A format splits feeds into records and parses these.

import type { PriceZones } from '#/domain/price.ts';
import type { ParsedRecord, Place, RecordFault, Remark } from '#/domain/record.ts';
import type { Refusal } from '#/domain/refusal.ts';
import type { Mapping } from './mapping.ts';

export interface RawRecord {
  /** UTF-8. Only valid until the next chunk is pushed. */
  readonly bytes: Uint8Array;
  readonly place: Place;
  /** Set when the record is larger than allowed; `bytes` is then empty. */
  readonly refusal?: Refusal;
}

/** Splits a feed into its records, chunk by chunk. */
export interface Splitter {
  /** The records that this chunk completes. */
  push(chunk: Uint8Array): Iterable<RawRecord>;
  /** Null when the feed is well-formed to its last byte, else the first structural fault. */
  end(): Refusal | null;
  /** Set when the input so far proves that it is not a feed of this format, so that reading on is pointless. */
  readonly hopeless: Refusal | null;
}

/** How to parse the records of one provider. */
export interface Reading {
  readonly provider: string;
  readonly timeZone: string;
  readonly priceZones: PriceZones;
  /** Refuse values that are not in the expected form, instead of repairing them or leaving them unknown. */
  readonly strict: boolean;
  /** Accept HTML entities and a bare "&" in XML. */
  readonly lenientXml?: boolean;
  /** Where the values of a record are, for the formats that need it. */
  readonly mapping?: Mapping | undefined;
}

/** A fault as a format reports it: `at` is the offset in the record's text, in UTF-16 units. */
export interface TextFault extends Omit<RecordFault, 'place'> {
  readonly at: number;
}

/** A remark as a format reports it. */
export interface TextRemark extends Omit<Remark, 'place'> {
  readonly at: number;
}

export interface TextRecord extends Omit<ParsedRecord, 'faults' | 'remarks'> {
  readonly faults: readonly TextFault[];
  readonly remarks?: readonly TextRemark[] | undefined;
}

/** A feed format. To add one, write a module with one of these and add a line to `formats/formats.ts`. */
export interface Format {
  /** `text` is one record. Returns several when a damaged record includes the next ones. */
  read(text: string, reading: Reading): TextRecord[];
  /** `mapping`: for the formats that need one. */
  createSplitter(recordBytesMax: number, mapping?: Mapping): Splitter;
}
