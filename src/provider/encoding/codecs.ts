// The supported compressions: how the first bytes identify them, and how to decompress them.
// Sources: RFC 1950 (zlib), RFC 1951 (deflate), RFC 1952 (gzip), RFC 7932 (brotli), RFC 8878 (zstd).

import {
  createBrotliDecompress,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
  type BrotliDecompress,
  type Inflate,
  type InflateRaw,
  type ZstdDecompress,
} from 'node:zlib';

export type Codec = 'gzip' | 'deflate' | 'br' | 'zstd';

/** Decompresses one stream and stops at its end; `bytesWritten` is the length of the compressed stream. */
export type Engine = Inflate | InflateRaw | BrotliDecompress | ZstdDecompress;

const chunkSize = 65_536;

/** The names in `Content-Encoding`. */
const codecNames: Readonly<Record<string, Codec>> = {
  gzip: 'gzip',
  'x-gzip': 'gzip',
  deflate: 'deflate',
  'x-deflate': 'deflate',
  zlib: 'deflate',
  br: 'br',
  brotli: 'br',
  zstd: 'zstd',
};

/** The known compressions in a `Content-Encoding`, in order; the last one is undone first. */
export const codecsIn = (encoding: string): Codec[] =>
  encoding
    .toLowerCase()
    .split(/[\s,;"']+/)
    .flatMap((name) => (Object.hasOwn(codecNames, name) ? [codecNames[name] as Codec] : []));

/** The number of bytes that is enough to recognise a compression. */
export const magicBytes = 6;

const starts = (head: Uint8Array, ...magic: readonly number[]): boolean =>
  head.length >= magic.length && magic.every((byte, i) => head[i] === byte);

/** The compression that `head` proves; null when there is none, or one without a magic number (brotli, raw deflate). */
export function codecOf(head: Uint8Array): Codec | null {
  if (starts(head, 0x1f, 0x8b)) return 'gzip';
  if (starts(head, 0x28, 0xb5, 0x2f, 0xfd)) return 'zstd';
  // A skippable frame of zstd before the data.
  if (((head[0] ?? 0) & 0xf0) === 0x50 && starts(head.subarray(1), 0x2a, 0x4d, 0x18)) return 'zstd';
  return isZlib(head) ? 'deflate' : null;
}

/** Deflate with a window of at most 32 KB, no dictionary, and a header that is a multiple of 31. */
function isZlib(head: Uint8Array): boolean {
  const [method = 0, flags = 0] = head;
  if (head.length < 2 || (method & 15) !== 8 || method >> 4 > 7) return false;
  return (method * 256 + flags) % 31 === 0 && (flags & 0x20) === 0;
}

/** Formats that are not supported, by their first bytes. */
const foreign: readonly (readonly [what: string, magic: readonly number[]])[] = [
  ['a ZIP archive', [0x50, 0x4b, 0x03, 0x04]],
  ['an empty ZIP archive', [0x50, 0x4b, 0x05, 0x06]],
  ['bzip2', [0x42, 0x5a, 0x68]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ['a 7z archive', [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]],
  ['compress (.Z)', [0x1f, 0x9d]],
  ['a PDF document', [0x25, 0x50, 0x44, 0x46, 0x2d]],
];

/** The name of an unsupported format that `head` begins with; null when it may be a feed. */
export const foreignOf = (head: Uint8Array): string | null =>
  foreign.find(([, magic]) => starts(head, ...magic))?.[0] ?? null;

/** An engine for one stream of `codec` that begins with `head`. gzip.ts reads the gzip frame around raw deflate. */
export function engineFor(codec: Exclude<Codec, 'gzip'>, head: Uint8Array): Engine {
  if (codec === 'br') return createBrotliDecompress({ chunkSize });
  if (codec === 'zstd') return createZstdDecompress({ chunkSize });
  // HTTP's deflate is zlib by the standard; many servers send raw deflate.
  return isZlib(head) ? createInflate({ chunkSize }) : createInflateRaw({ chunkSize });
}
