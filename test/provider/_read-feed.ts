// Reads a whole feed in any format: split in chunks of a given size, then parsed as a parser thread does.

import { unpackAll } from '#/domain/packed/records.ts';
import type { ParsedRecord } from '#/domain/record.ts';
import { FeedFault } from '#/provider/fault.ts';
import { formats } from '#/provider/formats/formats.ts';
import { packTask } from '#/provider/parse-task.ts';
import parseBatch from '#/provider/parse.thread.ts';
import type { FormatName } from '#/provider/provider.ts';
import type { Reading } from '#/provider/record.ts';

export interface Read {
  /** The result of each record, in the order of the feed. */
  readonly records: ParsedRecord[];
  /** Why the feed was incomplete; null when it was complete. */
  readonly end: string | null;
}

export interface ReadOptions extends Partial<Reading> {
  readonly chunkBytes?: number;
  readonly recordBytesMax?: number;
}

/** Throws FeedFault when it is not a feed of this format. */
export function readFeed(
  format: FormatName,
  feed: string | Uint8Array,
  { chunkBytes = 65_536, recordBytesMax = 1e6, ...given }: ReadOptions = {},
): Read {
  const bytes = Buffer.from(feed as string);
  const reading = { provider: 'p', timeZone: 'UTC', priceZones: 'all', strict: false, ...given } as const;
  const splitter = formats[format].createSplitter(recordBytesMax, reading.mapping);
  const records: ParsedRecord[] = [];
  for (let i = 0; i < bytes.length && splitter.hopeless === null; i += chunkBytes) {
    const chunk = Buffer.from(bytes.subarray(i, i + chunkBytes));
    for (const { bytes: record, place, refusal } of splitter.push(chunk)) {
      if (refusal !== undefined) {
        const faults = [{ refusal, baseId: null, planId: null, place }];
        records.push({ ...nothing, faults });
        continue;
      }
      const shared = new SharedArrayBuffer(record.length);
      new Uint8Array(shared).set(record);
      const task = { format, reading, bytes: shared, records: [{ from: 0, to: record.length, place }] };
      records.push(...unpackAll(parseBatch(packTask(task))));
    }
    // The chunk is overwritten when the next is requested, as a socket may do.
    chunk.fill(0x78);
  }
  if (splitter.hopeless !== null) throw new FeedFault(splitter.hopeless.code, splitter.hopeless.message);
  return { records, end: splitter.end()?.code ?? null };
}

const nothing = { key: null, observations: [], irregularClocks: 0, duplicates: 0 };

export const titles = ({ records }: Read): string[] =>
  records.flatMap(({ observations }) => observations.map(({ facts }) => facts.title));

/** `code line:column` of each fault. */
export const faults = ({ records }: Read): string[] =>
  records.flatMap((record) =>
    record.faults.map(({ refusal, place }) => `${refusal.code} ${place.line}:${place.column}`),
  );
