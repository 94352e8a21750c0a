// A feed as batches of the records that are new of it, fit to be parsed in a thread: copied out of the stream, hashed, with
// their places. Of a record that is known already nothing is left but its count.

import { hash } from 'node:crypto';
import type { Place } from '#/domain/record.ts';
import type { Refusal } from '#/domain/refusal.ts';
import { FeedFault } from './fault.ts';
import type { RawRecord, Splitter } from './record.ts';

export interface BatchRecord {
  /** Place in the batch's bytes. */
  readonly from: number;
  readonly to: number;
  /** SHA-256 of the record's bytes, in hex. */
  readonly hash: string;
  readonly place: Place;
  /** Set when the record was not taken at all (too large); its range is empty. */
  readonly refusal: Refusal | null;
}

export interface Batch {
  /** Shared, so that it is neither copied nor lost with a thread. */
  readonly bytes: SharedArrayBuffer;
  readonly records: readonly BatchRecord[];
  /** Records that were known, since the batch before. */
  readonly known: number;
  /** Bytes of the feed up to here. */
  readonly feedBytes: number;
  /** The bytes are read no more, and may be written over by the next batch. */
  release(): void;
}

/** Whether the record of this hash is known, and need not be read; told where it stands in the feed. */
export type IsKnown = (hash: string, place: Place) => boolean;

/** Parsing is fastest in bites of this size, and the pool stays evenly loaded. */
const batchBytes = 256 * 1024;
const batchRecordsMax = 1024;
/** A batch is full with the record that crosses its limit. */
const spareBytes = batchBytes * 1.25;
/** What is new does not wait for the end of a feed that is mostly known. */
const feedBytesMax = 1024 * 1024;

/**
 * Splits `chunks` (UTF-8) and gathers the records that are not known into batches. Returns null when the feed was
 * well-formed to its last byte, else the first fault of its structure. Throws FeedFault when it is no feed of the
 * splitter's format at all.
 */
export async function* readBatches(
  chunks: AsyncIterable<Uint8Array>,
  splitter: Splitter,
  isKnown: IsKnown = () => false,
): AsyncGenerator<Batch, Refusal | null> {
  const spare: SharedArrayBuffer[] = [];
  let gathered = createGathering(spare);
  let broken: Error | null = null;
  try {
    for await (const chunk of chunks) {
      for (const raw of splitter.push(chunk)) {
        gathered.take(raw, isKnown);
        if (!gathered.isFull()) continue;
        yield gathered.finished();
        gathered = createGathering(spare);
      }
      if (splitter.hopeless !== null) break;
    }
  } catch (error) {
    broken = error as Error;
  }
  // What was whole before the feed broke off is taken all the same.
  if (!gathered.isEmpty()) yield gathered.finished();
  if (broken !== null) throw broken;
  if (splitter.hopeless !== null) throw new FeedFault(splitter.hopeless.code, splitter.hopeless.message);
  return splitter.end();
}

interface Gathering {
  take(raw: RawRecord, isKnown: IsKnown): void;
  isEmpty(): boolean;
  isFull(): boolean;
  finished(): Batch;
}

/** One batch in the making; its bytes are taken from `spare`, where there are any, and go back there. */
function createGathering(spare: SharedArrayBuffer[]): Gathering {
  const records: BatchRecord[] = [];
  let bytes: Uint8Array<SharedArrayBuffer> | null = null;
  let used = 0;
  let known = 0;
  let feedBytes = 0;

  function roomFor(needed: number): Uint8Array<SharedArrayBuffer> {
    bytes ??= new Uint8Array(spare.pop() ?? new SharedArrayBuffer(spareBytes));
    if (needed <= bytes.length) return bytes;
    const larger = new Uint8Array(new SharedArrayBuffer(Math.max(needed, bytes.length * 2)));
    larger.set(bytes);
    return (bytes = larger);
  }

  return {
    take({ bytes: record, place, refusal = null }, isKnown) {
      const digest = hash('sha256', record, 'hex');
      feedBytes = place.offset + record.length;
      if (refusal === null && isKnown(digest, place)) {
        known++;
        return;
      }
      const from = used;
      used += record.length;
      roomFor(used).set(record, from);
      records.push({ from, to: used, hash: digest, place, refusal });
    },
    isEmpty: () => records.length + known === 0,
    isFull() {
      const since = feedBytes - (records[0]?.place.offset ?? feedBytes);
      return used >= batchBytes || records.length >= batchRecordsMax || since >= feedBytesMax;
    },
    finished() {
      const { buffer } = roomFor(0);
      // One that had to grow for a large record is not kept for the small ones.
      const release = (): void => void (buffer.byteLength === spareBytes && spare.push(buffer));
      return { bytes: buffer, records, known, feedBytes, release };
    },
  };
}
