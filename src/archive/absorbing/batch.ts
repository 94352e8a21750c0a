// What a feed run passes to the archive.

import type { ValueCensus, ValueLimits } from '#/domain/value-gate.ts';
import type { PackedRecords } from '#/domain/packed/records.ts';
import type { Digests } from '#/kit/digests.ts';
import type { Offsets } from '#/kit/offsets.ts';
import type { MetKeys } from './met-keys.ts';

/** The run, as the rows that it writes name it. */
export interface RunRef {
  readonly id: number;
  readonly provider: string;
  /** Milliseconds since 1970 UTC. */
  readonly at: number;
}

export interface ValueGate {
  readonly limits: ValueLimits;
  /** What was compared before this batch and is judged with it. */
  readonly before: ValueCensus;
  /** Up to this share of the provider's listed events, 0 to 1, records are not judged: for feeds that send only what has changed. */
  readonly fewShare: number;
}

/** A run that has a batch to absorb. */
export interface AbsorbRun extends RunRef {
  /** The gate of values; null when it admits all. */
  readonly valueGate: ValueGate | null;
  /** The journal's last number before the run wrote to it. */
  readonly journalBefore: number;
}

export interface RunInHand extends RunRef {
  /** Row ids by the hashes of records that need not be parsed again; a record that is absorbed again is removed. */
  readonly known: Digests;
  /** Row ids of the records that this run has met, skipped or absorbed, and their offsets in the feed. */
  readonly seen: Offsets;
  /** As in AbsorbRun; set by the archive with the run's first batch. */
  journalBefore?: number;
  /** The keys that it has met; absent when the archive had records of the provider before the run. */
  metKeys?: MetKeys;
}

/** One record of a batch. */
export interface AbsorbRecord {
  readonly batch: PackedRecords;
  /** Its number in the batch. */
  readonly index: number;
  /** SHA-256 of the record's bytes; empty when it must be parsed again next time whatever it is. */
  readonly hash: string;
  /** Merged from several records of one key. */
  readonly contested: boolean;
  /** The offset of its first byte in the feed. */
  readonly offset: number;
}

export const keyOf = ({ batch, index }: AbsorbRecord): string | null => batch.keys[index] ?? null;
