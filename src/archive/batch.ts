// What a feed run hands to the archive.

import type { ParsedRecord } from '#/domain/record.ts';
import type { Digests } from '#/kit/digests.ts';
import type { Offsets } from '#/kit/offsets.ts';

export interface RunInHand {
  readonly id: number;
  readonly provider: string;
  readonly at: number;
  /** Row ids by the hashes of records that need not be read again; a record that is absorbed again is removed. */
  readonly known: Digests;
  /** Row ids of the records that this run has met, skipped or absorbed, and where in the feed. */
  readonly seen: Offsets;
  /** The journal's last number before this run wrote to it; set by the archive with the run's first batch. */
  journalBefore?: number;
}

export interface AbsorbRecord {
  readonly parsed: ParsedRecord;
  /** SHA-256 of the record's bytes; empty when it must be parsed again next time whatever it is. */
  readonly hash: string;
  /** Folded together from several records of one key. */
  readonly contested: boolean;
  /** Where it stands in the feed, in bytes. */
  readonly offset: number;
}
