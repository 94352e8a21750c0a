// The call that absorbs one batch of records in the thread of the archive: columns of numbers and texts, which cost a fraction of
// an object per record where they are sent to another thread.

import type { PackedRecords } from '#/domain/packed/records.ts';
import type { AbsorbRecord, AbsorbRun } from '#/archive/absorbing/batch.ts';

/**
 * Of a batch, see `first-load.ts`. begins: the archive has no event · on: it has those of the calls since then and no indexes, so the
 * set of their ids tells what is new · paused: it has indexes, and the set is only kept complete · over: there is no set.
 */
export type LoadMode = 'begins' | 'on' | 'paused' | 'over';

export interface AbsorbCall {
  readonly run: AbsorbRun;
  readonly shownSeq: number;
  /** See `absorbRecords`. */
  readonly seenAt: ReadonlyMap<string, number>;
  readonly firstLoad: LoadMode;
  readonly batches: readonly PackedRecords[];
  /** Of each record: the number of its batch, its number in there, and its other fields. */
  readonly batchOf: Uint32Array;
  readonly indexes: Uint32Array;
  readonly hashes: readonly string[];
  readonly contested: Uint8Array;
  readonly offsets: Float64Array;
}

export function absorbCall(
  { id, provider, at, journalBefore, valueGate }: AbsorbRun,
  records: readonly AbsorbRecord[],
  seenAt: ReadonlyMap<string, number>,
  shownSeq: number,
  firstLoad: LoadMode,
): AbsorbCall {
  const numbers = new Map<PackedRecords, number>();
  const [batchOf, indexes] = [new Uint32Array(records.length), new Uint32Array(records.length)];
  const [contested, offsets] = [new Uint8Array(records.length), new Float64Array(records.length)];
  for (const [i, record] of records.entries()) {
    const number = numbers.get(record.batch) ?? numbers.size;
    numbers.set(record.batch, number);
    batchOf[i] = number;
    indexes[i] = record.index;
    contested[i] = Number(record.contested);
    offsets[i] = record.offset;
  }
  return {
    run: { id, provider, at, journalBefore, valueGate },
    shownSeq,
    seenAt,
    firstLoad,
    batches: [...numbers.keys()],
    batchOf,
    indexes,
    hashes: records.map(({ hash }) => hash),
    contested,
    offsets,
  };
}

/** The records of a call. */
export const recordsOf = ({
  batches,
  batchOf,
  indexes,
  hashes,
  contested,
  offsets,
}: AbsorbCall): AbsorbRecord[] =>
  hashes.map((hash, i) => ({
    batch: batches[batchOf[i] ?? 0] as PackedRecords,
    index: indexes[i] ?? 0,
    hash,
    contested: contested[i] === 1,
    offset: offsets[i] ?? 0,
  }));
