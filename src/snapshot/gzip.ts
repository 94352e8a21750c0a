// One gzip member, stitched from parts that were deflated beforehand. A part ends with a sync flush, at a whole byte, and
// parts may stand one behind the other; what lies between them goes into stored blocks. The trailer wants the CRC-32 of
// it all, which is combined from those of the parts: a CRC followed by n bytes is multiplied by x^8n, modulo the CRC's
// polynomial. Sources: RFC 1951, RFC 1952; M. Adler's crc32_combine in zlib 1.3 for the arithmetic.

import { constants, crc32, deflateRawSync } from 'node:zlib';

const polynomial = 0xedb8_8320;
/** x^0 in the CRC's reflected order of bits. */
const one = 0x8000_0000;

/** a × b modulo the polynomial, as unsigned 32 bits. */
function multiply(a: number, b: number): number {
  let product = 0;
  let factor = b;
  for (let bit = one; bit !== 0; bit >>>= 1) {
    if ((a & bit) !== 0) {
      product ^= factor;
      if ((a & (bit - 1)) === 0) break;
    }
    factor = (factor & 1) !== 0 ? (factor >>> 1) ^ polynomial : factor >>> 1;
  }
  return product >>> 0;
}

/** x^(2^k) for k from 0 to 31. */
const powers = new Uint32Array(32);
powers[0] = 0x4000_0000;
for (let k = 1; k < 32; k++) powers[k] = multiply(powers[k - 1] ?? 0, powers[k - 1] ?? 0);

/** The operator that stands for `length` bytes: x^(8 × length). */
export function shiftOf(length: number): number {
  let shift = one;
  for (let rest = length, k = 3; rest > 0; rest = Math.floor(rest / 2), k++) {
    if (rest % 2 === 1) shift = multiply(powers[k & 31] ?? 0, shift);
  }
  return shift;
}

/** The CRC-32 of two texts in a row, from that of each and the second one's shift. */
export const combineCrc = (first: number, second: number, shift: number): number =>
  (multiply(shift, first) ^ second) >>> 0;

/** `bytes` as a part of a deflate stream that more may follow, as small as may be. */
export const deflatePart = (bytes: Uint8Array): Buffer =>
  deflateRawSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH, level: 6 });

/** The same at once: setting up a small window costs less than deflating a few events. */
export const deflatePartFast = (bytes: Uint8Array): Buffer =>
  deflateRawSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH, level: 1, windowBits: 12, memLevel: 4 });

export interface GzipStitcher {
  /** Text that is not deflated: a few bytes between parts. */
  store(bytes: Uint8Array): void;
  /** A part that was deflated beforehand, with the CRC, shift and length of its text. */
  append(part: Uint8Array, crc: number, shift: number, length: number): void;
  /** The whole member. */
  finish(): Buffer;
}

// Magic, deflate, no flags, no time, no extra flags, operating system unknown.
const header = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
const storedMax = 65_535;

export function createGzipStitcher(): GzipStitcher {
  const parts: Uint8Array[] = [header];
  let stored: Uint8Array[] = [];
  let storedBytes = 0;
  let crc = 0;
  let length = 0;

  /** A stored block begins with three bits (is it the last, and its kind) and its length twice. */
  function flush(last: boolean): void {
    if (storedBytes === 0 && !last) return;
    const text = Buffer.concat(stored, storedBytes);
    for (let from = 0; from < text.length || (last && from === 0); from += storedMax) {
      const piece = text.subarray(from, from + storedMax);
      const head = Buffer.alloc(5);
      head[0] = last && from + storedMax >= text.length ? 1 : 0;
      head.writeUInt16LE(piece.length, 1);
      head.writeUInt16LE(~piece.length & 0xffff, 3);
      parts.push(head, piece);
    }
    stored = [];
    storedBytes = 0;
  }

  function count(partCrc: number, shift: number, partLength: number): void {
    crc = combineCrc(crc, partCrc, shift);
    length += partLength;
  }

  return {
    store(bytes) {
      stored.push(bytes);
      storedBytes += bytes.length;
      crc = crc32(bytes, crc);
      length += bytes.length;
    },
    append(part, partCrc, shift, partLength) {
      flush(false);
      parts.push(part);
      count(partCrc, shift, partLength);
    },
    finish() {
      flush(true);
      const trailer = Buffer.alloc(8);
      trailer.writeUInt32LE(crc, 0);
      trailer.writeUInt32LE(length % 0x1_0000_0000, 4);
      parts.push(trailer);
      return Buffer.concat(parts);
    },
  };
}
