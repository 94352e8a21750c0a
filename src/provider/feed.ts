// Turns the bytes of a feed into batches of records: converts to UTF-8, detects the format if necessary, splits.

import { shown, type Refusal } from '#/domain/refusal.ts';
import { readBatches, type Batch, type IsKnown } from './batches.ts';
import { toUtf8 } from './encoding/charset.ts';
import { FeedFault } from './fault.ts';
import type { Feed } from './http/fetch.ts';
import { detectFormat, formats } from './formats/formats.ts';
import type { FormatName, Provider } from './provider.ts';

export interface OpenFeed {
  readonly format: FormatName;
  /** Returns null when the feed is well-formed to its last byte, else the first fault. Throws FeedFault. */
  readonly batches: AsyncGenerator<Batch, Refusal | null>;
}

const headBytesMax = 64 * 1024;

/** Throws FeedFault, here or from the batches. `isKnown`: whether a record need not be parsed. */
export async function openFeed(
  feed: Pick<Feed, 'chunks' | 'contentType'>,
  { format: given, limits, mapping }: Pick<Provider, 'format' | 'limits' | 'mapping'>,
  isKnown?: IsKnown,
): Promise<OpenFeed> {
  const chunks = toUtf8(feed.chunks, feed.contentType);
  const [format, whole] = given === 'auto' ? await detected(chunks) : [given, chunks];
  const splitter = formats[format].createSplitter(limits.recordBytesMax, mapping);
  return { format, batches: readBatches(whole, splitter, isKnown) };
}

/** Detects the format by the root element. Returns it with all chunks, including those already read. */
async function detected(
  chunks: AsyncGenerator<Uint8Array>,
): Promise<[FormatName, AsyncIterable<Uint8Array>]> {
  let head = Buffer.alloc(0);
  for (;;) {
    const next = await chunks.next();
    if (next.done !== true) head = Buffer.concat([head, next.value]);
    const format = detectFormat(head.toString('utf8'));
    if (format !== null) return [format, prepended(head, chunks)];
    if (next.done === true || head.length > headBytesMax) {
      await chunks.return(undefined);
      const code = head.length === 0 ? 'feed_empty' : 'root_unexpected';
      const what =
        head.length === 0
          ? 'an empty body'
          : `a document that begins with ${shown(head.toString('utf8', 0, 240).trim())}`;
      throw new FeedFault(code, `Got ${what}, expected ${Object.keys(formats).join(', ')}.`);
    }
  }
}

async function* prepended(head: Uint8Array, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield head;
  yield* chunks;
}
