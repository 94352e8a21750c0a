// A feed as batches of records, fit to be parsed in a thread: copied out of the stream, hashed, with their places.

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
  readonly bytes: ArrayBuffer;
  readonly records: readonly BatchRecord[];
}

/** Parsing is fastest in bites of this size, and the pool stays evenly loaded. */
const batchBytes = 256 * 1024;
const batchRecordsMax = 1024;

/**
 * Splits `chunks` (UTF-8) and gathers the records into batches. Returns null when the feed was well-formed to its last
 * byte, else the first fault of its structure. Throws FeedFault when it is no feed of the splitter's format at all.
 */
export async function* readBatches(
  chunks: AsyncIterable<Uint8Array>,
  splitter: Splitter,
): AsyncGenerator<Batch, Refusal | null> {
  let gathered = emptyBatch();
  let broken: Error | null = null;
  try {
    for await (const chunk of chunks) {
      for (const raw of splitter.push(chunk)) {
        gather(gathered, raw);
        if (gathered.used < batchBytes && gathered.records.length < batchRecordsMax) continue;
        yield finished(gathered);
        gathered = emptyBatch();
      }
      if (splitter.hopeless !== null) break;
    }
  } catch (error) {
    broken = error as Error;
  }
  // What was whole before the feed broke off is taken all the same.
  if (gathered.records.length > 0) yield finished(gathered);
  if (broken !== null) throw broken;
  if (splitter.hopeless !== null) throw new FeedFault(splitter.hopeless.code, splitter.hopeless.message);
  return splitter.end();
}

interface Gathered {
  bytes: Uint8Array<ArrayBuffer>;
  used: number;
  records: BatchRecord[];
}

const emptyBatch = (): Gathered => ({ bytes: unfilled(batchBytes * 1.25), used: 0, records: [] });

function gather(gathered: Gathered, { bytes, place, refusal }: RawRecord): void {
  const from = gathered.used;
  const to = from + bytes.length;
  if (to > gathered.bytes.length) gathered.bytes = grown(gathered.bytes, to);
  gathered.bytes.set(bytes, from);
  gathered.used = to;
  gathered.records.push({ from, to, hash: hash('sha256', bytes, 'hex'), place, refusal: refusal ?? null });
}

function grown(bytes: Uint8Array, needed: number): Uint8Array<ArrayBuffer> {
  const larger = unfilled(Math.max(needed, bytes.length * 2));
  larger.set(bytes);
  return larger;
}

const finished = ({ bytes, records }: Gathered): Batch => ({ bytes: bytes.buffer, records });

/** Bytes that are written before they are read; not to be filled with noughts first. */
const unfilled = (length: number): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
