// From a provider to the batches of its feed: fetch, decode, find the format where it is not given, split.

import type { Dispatcher } from 'undici';
import type { Refusal } from '#/domain/refusal.ts';
import { readBatches, type Batch } from './batches.ts';
import { toUtf8 } from './charset.ts';
import { FeedFault } from './fault.ts';
import { fetchFeed } from './fetch.ts';
import { detectFormat, formats } from './formats/formats.ts';
import type { FormatName, Provider } from './provider.ts';

export interface OpenFeed {
  readonly format: FormatName;
  readonly batches: AsyncGenerator<Batch, Refusal | null>;
}

const headBytesMax = 64 * 1024;

/** Throws FeedFault, here or from the batches. */
export async function openFeed(
  provider: Provider,
  dispatcher: Dispatcher,
  stop: AbortSignal,
): Promise<OpenFeed> {
  const { limits } = provider;
  const feed = await fetchFeed(provider.url, limits, dispatcher, stop);
  const chunks = toUtf8(feed.chunks, feed.contentType);
  const [format, whole] = provider.format === 'auto' ? await detected(chunks) : [provider.format, chunks];
  return { format, batches: readBatches(whole, formats[format].createSplitter(limits.recordBytesMax)) };
}

/** The format by the root element, and the chunks with those that were read for it put back in front. */
async function detected(
  chunks: AsyncGenerator<Uint8Array>,
): Promise<[FormatName, AsyncIterable<Uint8Array>]> {
  let head = Buffer.alloc(0);
  for (;;) {
    const next = await chunks.next();
    if (!next.done) head = Buffer.concat([head, next.value]);
    const format = detectFormat(head.toString('utf8'));
    if (format !== null) return [format, prepended(head, chunks)];
    if (next.done || head.length > headBytesMax) {
      throw new FeedFault(
        head.length === 0 ? 'feed_empty' : 'root_unexpected',
        `Got a document that is none of ${Object.keys(formats).join(', ')}.`,
      );
    }
  }
}

async function* prepended(head: Uint8Array, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield head;
  yield* chunks;
}
