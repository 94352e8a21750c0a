// From the bytes of a feed to batches of its records: decode, find the format where it is not given, split.

import { shown, type Refusal } from '#/domain/refusal.ts';
import { readBatches, type Batch, type IsKnown } from './batches.ts';
import { toUtf8 } from './encoding/charset.ts';
import { FeedFault } from './fault.ts';
import type { Feed } from './http/fetch.ts';
import { detectFormat, formats } from './formats/formats.ts';
import type { FormatName, Provider } from './provider.ts';

export interface OpenFeed {
  readonly format: FormatName;
  /** Returns null when the feed was whole to its last byte, else why it was not. Throws FeedFault. */
  readonly batches: AsyncGenerator<Batch, Refusal | null>;
}

const headBytesMax = 64 * 1024;

/** Throws FeedFault, here or from the batches. `isKnown`: of records that need not be read. */
export async function openFeed(
  feed: Pick<Feed, 'chunks' | 'contentType'>,
  { format: given, limits }: Pick<Provider, 'format' | 'limits'>,
  isKnown?: IsKnown,
): Promise<OpenFeed> {
  const chunks = toUtf8(feed.chunks, feed.contentType);
  const [format, whole] = given === 'auto' ? await detected(chunks) : [given, chunks];
  const splitter = formats[format].createSplitter(limits.recordBytesMax);
  return { format, batches: readBatches(whole, splitter, isKnown) };
}

/** The format by the root element, and the chunks with those that were read for it put back in front. */
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
