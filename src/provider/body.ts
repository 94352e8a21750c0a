// The body of a feed: decompressed and counted, never held; every limit that is crossed ends it with a FeedFault.

import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { FeedFault, faultOf } from './fault.ts';
import type { FeedLimits } from './provider.ts';

const minimumRateGraceMs = 10_000;

/** The body's chunks, decompressed and counted; every limit that is crossed ends them with a FeedFault. */
export async function* boundedBody(
  body: Readable,
  encoding: string,
  limits: FeedLimits,
): AsyncGenerator<Uint8Array> {
  let received = 0;
  body.on('data', (chunk: Buffer) => {
    received += chunk.length;
    if (received > limits.bytesMax)
      body.destroy(new FeedFault('feed_too_large', `Got more than ${limits.bytesMax} bytes.`));
  });
  body.pause();
  let decoded = 0;
  let waitedMs = 0;
  let asked = performance.now();
  try {
    for await (const chunk of decompressed(body, encoding) as AsyncIterable<Uint8Array>) {
      waitedMs += performance.now() - asked;
      decoded += chunk.length;
      if (decoded > limits.decodedBytesMax) {
        throw new FeedFault(
          'feed_too_large',
          `Got more than ${limits.decodedBytesMax} bytes after decompression.`,
        );
      }
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

function decompressed(body: Readable, encoding: string): Readable {
  if (encoding === 'identity' || encoding === '') return body;
  if (encoding !== 'gzip' && encoding !== 'x-gzip') {
    body.on('error', () => undefined).destroy();
    throw new FeedFault(
      'encoding_refused',
      `Got content-encoding ${JSON.stringify(encoding.slice(0, 60))}, expected gzip or identity.`,
    );
  }
  return pipeline(body, createGunzip({ chunkSize: 65_536 }), () => undefined);
}
