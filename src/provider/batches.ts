// Collects the new records of a feed into batches for the parser threads: copied out of the stream, hashed, with their places.
// Known records are only counted.

import { hash } from 'node:crypto';
import type { Place } from '#/domain/record.ts';
import type { Refusal } from '#/domain/refusal.ts';
import { FeedFault } from './fault.ts';
import type { RawRecord, Splitter } from './record.ts';

export interface BatchRecord {
  /** The range of the record in the batch's bytes. */
  readonly from: number;
  readonly to: number;
  /** SHA-256 of the record's bytes, in hex. */
  readonly hash: string;
  readonly place: Place;
  /** Set when the record is too large to be read; its range is then empty. */
  readonly refusal: Refusal | null;
}

export interface Batch {
  /** Shared memory, so that threads need no copy and a thread that ends does not lose it. */
  readonly bytes: SharedArrayBuffer;
  readonly records: readonly BatchRecord[];
  /** The number of known records since the previous batch. */
  readonly known: number;
  /** How many bytes of the feed were read up to here. */
  readonly feedBytes: number;
  /** Call this when the bytes are no longer needed: a later batch reuses the buffer. */
  release(): void;
}

/** Whether the record with this hash is known, so that it need not be parsed. `place`: where it is in the feed. */
export type IsKnown = (hash: string, place: Place) => boolean;

/** Batches of this size parse fastest and load the threads evenly. */
const batchBytes = 256 * 1024;
const batchRecordsMax = 1024;
/** The record that crosses the limit completes a batch, so buffers are larger than the limit. */
const spareBytes = batchBytes * 1.25;
/** A batch also ends after this many bytes of the feed, so that new records in a mostly known feed do not wait for its end. */
const feedBytesMax = 1024 * 1024;

/**
 * Splits `chunks` (UTF-8) and collects the records that are not known into batches. Returns null when the feed is
 * well-formed to its last byte, else the first structural fault. Throws FeedFault when it is not a feed of the splitter's
 * format.
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
  // Records that were complete before the feed broke off are still used.
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

/** The batch being filled. It takes its buffer from `spare` if possible, and returns it there. */
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
      // A buffer that grew for a large record is not reused.
      const release = (): void => void (buffer.byteLength === spareBytes && spare.push(buffer));
      return { bytes: buffer, records, known, feedBytes, release };
    },
  };
}
