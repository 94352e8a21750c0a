// Reads the gzip frame around raw deflate. zlib would do this too, but would not report where each member ends.
// Source: RFC 1952, section 2.3.

import { crc32, createInflateRaw } from 'node:zlib';
import { FeedFault } from '#/provider/fault.ts';
import type { ByteSource } from './source.ts';
import { runEngine } from './engine.ts';

const [headerCrc, extra, name, comment] = [2, 4, 8, 16];
const fixedBytes = 10;
const trailerBytes = 8;
/** The largest name or comment in a header. */
const textBytesMax = 65_536;

/** Decompresses and checks the member at the front of `source`; leaves the bytes after it in `source`. Throws FeedFault. */
export async function* gzipMember(source: ByteSource): AsyncGenerator<Uint8Array> {
  await skipHeader(source);
  let [crc, length] = [0, 0];
  for await (const chunk of runEngine(createInflateRaw({ chunkSize: 65_536 }), source, 'gzip')) {
    crc = crc32(chunk, crc);
    length = (length + chunk.length) % 2 ** 32;
    yield chunk;
  }
  const trailer = Buffer.from(await exactly(source, trailerBytes));
  if (trailer.readUInt32LE(0) !== crc) throw invalid('Got a wrong checksum.');
  if (trailer.readUInt32LE(4) !== length) throw invalid('Got a wrong length.');
}

async function skipHeader(source: ByteSource): Promise<void> {
  const fixed = await exactly(source, fixedBytes);
  if (fixed[0] !== 0x1f || fixed[1] !== 0x8b) throw invalid('Got a wrong header.');
  if (fixed[2] !== 8) throw invalid(`Got compression method ${fixed[2]}, expected 8.`);
  const flags = fixed[3] ?? 0;
  if ((flags & extra) !== 0) {
    const [low = 0, high = 0] = await exactly(source, 2);
    await exactly(source, low + high * 256);
  }
  for (const text of [name, comment]) if ((flags & text) !== 0) await skipText(source);
  if ((flags & headerCrc) !== 0) await exactly(source, 2);
}

async function skipText(source: ByteSource): Promise<void> {
  for (let read = 0; read < textBytesMax; read++) if ((await exactly(source, 1))[0] === 0) return;
  throw invalid(`Got a name or comment of more than ${textBytesMax} bytes.`);
}

/** Consumes and returns the next `count` bytes. */
async function exactly(source: ByteSource, count: number): Promise<Uint8Array> {
  if (count === 0) return new Uint8Array(0);
  const bytes = await source.peek(count);
  if (bytes.length < count)
    throw new FeedFault('feed_truncated', 'The body ended inside its gzip header or trailer.');
  await source.next();
  source.unread(bytes.subarray(count));
  return bytes.subarray(0, count);
}

const invalid = (what: string): FeedFault => new FeedFault('gzip_invalid', what);
