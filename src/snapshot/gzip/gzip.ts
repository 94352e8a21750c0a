// Builds one gzip member from parts that are already deflated. Each part ends with a sync flush at a byte boundary, so parts
// can be concatenated. Text between parts is deflated now, or stored when it is short. The CRC-32 of the trailer is combined
// from those of the parts. Sources: RFC 1951, RFC 1952.

import { constants, crc32, deflateRawSync } from 'node:zlib';
import { storedBlock } from '#/kit/deflate-block.ts';
import { combineCrc } from './crc.ts';

/** `bytes` as a non-final part of a deflate stream, compressed well. */
export const deflatePart = (bytes: Uint8Array): Buffer =>
  deflateRawSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH, level: 6 });

/**
 * An output buffer size for deflating this many bytes. Without it, Node allocates 16 KB per result; with that, garbage
 * collection took a quarter of the time of an answer.
 */
export const roomFor = (bytes: number): number => Math.max(constants.Z_MIN_CHUNK, bytes >>> 1);

/** The same for text of one request. Of the window sizes and low levels tried, this is the fastest for 4 to 16 KB. */
const deflatePartFast = (bytes: Uint8Array): Buffer =>
  deflateRawSync(bytes, {
    finishFlush: constants.Z_SYNC_FLUSH,
    level: 2,
    windowBits: 13,
    chunkSize: roomFor(bytes.length),
  });

const storedPart = (bytes: Uint8Array): Buffer => storedBlock(bytes, false);

export const storedComma = storedPart(Buffer.from(','));

export interface GzipStitcher {
  /** Adds text that is not deflated yet: the bytes `from` to `to` of `text`. */
  add(text: Buffer, from: number, to: number): void;
  /** Adds a deflated part, with the CRC and the length of its text. */
  append(part: Buffer, crc: number, length: number): void;
  /** Returns the complete member in parts. */
  finish(): { readonly parts: readonly Buffer[]; readonly bytes: number };
}

// Magic number, deflate, no flags, no time, no extra flags, operating system unknown.
const header = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
/** An empty final block. */
const last = Buffer.from([3, 0]);
/** Below this, deflating costs more time than its saved bytes are worth. */
const deflatedMin = 512;
/** At most this much text is deflated per answer, which takes about four milliseconds; the rest is stored. */
const deflatedMax = 1_000_000;
/** Collects added text up to this size. Deflating and storing copy it, so all stitchers share this buffer. */
const gathered = Buffer.allocUnsafeSlow(65_535);

export function createGzipStitcher(): GzipStitcher {
  const parts: Buffer[] = [header];
  let bytes = header.length;
  let crc = 0;
  let length = 0;
  let held = 0;
  let deflated = 0;

  function put(part: Buffer): void {
    parts.push(part);
    bytes += part.length;
  }

  function flush(): void {
    if (held === 0) return;
    const text = gathered.subarray(0, held);
    if (held < deflatedMin || deflated >= deflatedMax) put(storedPart(text));
    else {
      put(deflatePartFast(text));
      deflated += held;
    }
    crc = crc32(text, crc);
    length += held;
    held = 0;
  }

  return {
    add(text, from, to) {
      for (let at = from; at < to;) {
        if (held === gathered.length) flush();
        const end = Math.min(to, at + gathered.length - held);
        text.copy(gathered, held, at, end);
        held += end - at;
        at = end;
      }
    },
    append(part, partCrc, partLength) {
      flush();
      put(part);
      crc = combineCrc(crc, partCrc, partLength);
      length += partLength;
    },
    finish() {
      flush();
      put(last);
      const trailer = Buffer.allocUnsafe(8);
      trailer.writeUInt32LE(crc, 0);
      trailer.writeUInt32LE(length % 0x1_0000_0000, 4);
      put(trailer);
      return { parts, bytes };
    },
  };
}
