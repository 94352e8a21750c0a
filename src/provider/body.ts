// Reads the body of a feed: decompresses and counts it without holding it. Crossing a limit ends it with a FeedFault.

import type { Readable } from 'node:stream';
import { decompressed } from './encoding/decode.ts';
import { FeedFault, faultOf } from './fault.ts';
import type { FeedLimits } from './provider.ts';

const minimumRateGraceMs = 10_000;

/**
 * Yields the decompressed chunks. Throws FeedFault when the body crosses a limit or cannot be read. `arrived` is called with the number
 * of bytes of the body that have arrived.
 */
export async function* boundedBody(
  body: Readable,
  encoding: string,
  limits: FeedLimits,
  arrived: (bytes: number) => void = () => undefined,
): AsyncGenerator<Uint8Array> {
  let received = 0;
  body.on('data', (chunk: Buffer) => {
    received += chunk.length;
    arrived(received);
    if (received > limits.bytesMax)
      body.destroy(new FeedFault('feed_too_large', `Got more than ${limits.bytesMax} bytes.`));
  });
  body.pause();
  let waitedMs = 0;
  let asked = performance.now();
  const limit = (chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> =>
    bounded(chunks, limits.decodedBytesMax);
  const decoded = limit(decompressed(body, encoding, limit));
  try {
    for await (const chunk of decoded) {
      waitedMs += performance.now() - asked;
      if (waitedMs > minimumRateGraceMs && (received / waitedMs) * 1000 < limits.bytesPerSecondMin) {
        throw new FeedFault(
          'too_slow',
          `Got ${received} bytes in ${Math.round(waitedMs)} ms, expected ${limits.bytesPerSecondMin} per second.`,
        );
      }
      yield chunk;
      asked = performance.now();
    }
  } catch (error) {
    throw faultOf(error);
  } finally {
    body.on('error', () => undefined).destroy();
  }
}

/** Yields decompressed chunks, up to `bytesMax`. */
async function* bounded(chunks: AsyncIterable<Uint8Array>, bytesMax: number): AsyncGenerator<Uint8Array> {
  let decoded = 0;
  for await (const chunk of chunks) {
    decoded += chunk.length;
    if (decoded > bytesMax)
      throw new FeedFault('feed_too_large', `Got more than ${bytesMax} bytes after decompression.`);
    yield chunk;
  }
}
