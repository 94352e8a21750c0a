// One gzip member, stitched from parts that were deflated beforehand. A part ends with a sync flush, at a whole byte, and
// parts may stand one behind the other; the text between them is deflated on the spot, or stored where it is short. The
// trailer wants the CRC-32 of it all, which is combined from those of the parts. Sources: RFC 1951, RFC 1952.

import { constants, crc32, deflateRawSync } from 'node:zlib';
import { storedBlock } from '#/kit/deflate-block.ts';
import { combineCrc } from './crc.ts';

/** `bytes` as a part of a deflate stream that more may follow, as small as may be. */
export const deflatePart = (bytes: Uint8Array): Buffer =>
  deflateRawSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH, level: 6 });

/**
 * What so many bytes of text become, deflated, or more. Node makes a place of 16 KB for each result unless it is told better,
 * and such places keep the garbage collector marking: a quarter of the time that answers took.
 */
export const roomFor = (bytes: number): number => Math.max(constants.Z_MIN_CHUNK, bytes >>> 1);

/** The same at once. Of the small windows and low levels that were tried, this is the quickest for 4 to 16 KB. */
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
  /** Text that was not deflated beforehand: bytes `from` to `to` of `text`. */
  add(text: Buffer, from: number, to: number): void;
  /** A part that was, with the CRC and the length of its text. */
  append(part: Buffer, crc: number, length: number): void;
  /** The whole member, in pieces. */
  finish(): { readonly parts: readonly Buffer[]; readonly bytes: number };
}

// Magic, deflate, no flags, no time, no extra flags, operating system unknown.
const header = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
/** An empty block that is the last one. */
const last = Buffer.from([3, 0]);
/** Below this, deflating costs more time than it saves bytes. */
const deflatedMin = 512;
/** Nor is more than this deflated for one answer, some four milliseconds of work: what comes behind it is stored. */
const deflatedMax = 1_000_000;
/** Text that is added is gathered up to here. Deflating and storing copy it, so all stitchers share the place. */
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
