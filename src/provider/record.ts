// A record is one base element of a feed, as bytes; a format cuts feeds into records and reads them.

import type { PriceZones } from '#/domain/price.ts';
import type { ParsedRecord, Place, RecordFault, Remark } from '#/domain/record.ts';
import type { Refusal } from '#/domain/refusal.ts';

export interface RawRecord {
  /** UTF-8; only valid until the next chunk is pushed. */
  readonly bytes: Uint8Array;
  readonly place: Place;
  /** Set when the record is larger than allowed: then `bytes` is empty. */
  readonly refusal?: Refusal;
}

/** Cuts a feed into its records, chunk by chunk. */
export interface Splitter {
  /** The records that this chunk completes. */
  push(chunk: Uint8Array): Iterable<RawRecord>;
  /** Null when the feed was well-formed to its last byte, else the first fault of its structure. */
  end(): Refusal | null;
  /** Whether what came so far can be no feed of this format at all, so that reading on is pointless. */
  readonly hopeless: Refusal | null;
}

/** How the records of one provider are to be read. */
export interface Reading {
  readonly provider: string;
  readonly timeZone: string;
  readonly priceZones: PriceZones;
  /** Whether values that are not written as they should be are refused, instead of repaired or left unknown. */
  readonly strict: boolean;
  /** Whether references that only HTML has, and a bare "&", are read as they are meant. */
  readonly lenientXml?: boolean;
}

/** A fault as a format finds it: its place is still told from the start of the record's text, in UTF-16 units. */
export interface TextFault extends Omit<RecordFault, 'place'> {
  readonly at: number;
}

/** The same of a remark. */
export interface TextRemark extends Omit<Remark, 'place'> {
  readonly at: number;
}

export interface TextRecord extends Omit<ParsedRecord, 'faults' | 'remarks'> {
  readonly faults: readonly TextFault[];
  readonly remarks?: readonly TextRemark[] | undefined;
}

/** One way to write a feed. A new format is a module that gives one of these, and a line in `formats/formats.ts`. */
export interface Format {
  /** `text` is one record. Gives more than one when a broken record had swallowed the good one behind it. */
  read(text: string, reading: Reading): TextRecord[];
  createSplitter(recordBytesMax: number): Splitter;
}
