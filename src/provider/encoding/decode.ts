// Decompresses a body. The bytes decide; the headers only count for compressions without a magic number.

import { FeedFault } from '#/provider/fault.ts';
import { codecOf, codecsIn, engineFor, foreignOf, magicBytes, type Codec } from './codecs.ts';
import { runEngine } from './engine.ts';
import { gzipMember } from './gzip.ts';
import { createByteSource, restOf, type ByteSource } from './source.ts';

/** The largest number of nested compressions. */
const layersMax = 3;
const headBytes = 64;

/** `encoding`: the value of `Content-Encoding`. `checked` wraps the output of each layer with limits. Throws FeedFault. */
export async function* decompressed(
  body: AsyncIterable<Uint8Array>,
  encoding: string,
  checked: (chunks: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const named = codecsIn(encoding);
  let source = createByteSource(body);
  for (let layers = 0; ; layers++) {
    const head = await source.peek(headBytes);
    const codec = head.length === 0 ? null : layerOf(head, named.at(-1));
    if (codec === null) break;
    if (codec === named.at(-1)) named.pop();
    if (layers === layersMax)
      throw new FeedFault('encoding_refused', `Got more than ${layersMax} nested compressions.`);
    source = createByteSource(checked(streams(source, codec)));
  }
  yield* restOf(source);
}

/** The compression of bytes that begin with `head`, or null. `named`: the compression that the headers give. */
function layerOf(head: Uint8Array, named: Codec | undefined): Codec | null {
  const codec = codecOf(head);
  if (codec !== null) return codec;
  const what = foreignOf(head);
  if (what !== null)
    throw new FeedFault(
      'encoding_refused',
      `Got ${what}, expected a feed, uncompressed or compressed with gzip, deflate, br or zstd.`,
    );
  return named === undefined || looksLikeText(head) ? null : named;
}

const blank = /^(?:[\t\n\r ]|\xef\xbb\xbf)*/;
/** Fewer bytes may be text by chance. */
const csvBytesMin = 16;

/**
 * Whether the bytes begin like XML, JSON or CSV in ASCII, UTF-8 or UTF-16, without control characters. A CSV may begin with any
 * character: its bytes must all be UTF-8, or many of them the zero bytes of UTF-16, which compressed ones hardly ever are.
 */
function looksLikeText(given: Uint8Array): boolean {
  const head = given.subarray(0, headBytes);
  const raw = Buffer.from(head).toString('latin1');
  const isUtf16 = /^(?:\xff\xfe|\xfe\xff|\0[\t\n\r -~]|[\t\n\r -~]\0)/.test(raw);
  const text = isUtf16 ? raw.replaceAll(/\0|^\xff\xfe|^\xfe\xff/g, '') : raw;
  // oxlint-disable-next-line no-control-regex -- compressed bytes contain these, text does not
  if (/[\0-\x08\x0b\x0c\x0e-\x1f]/.test(text)) return false;
  const isDocument = /^(?:[<{]|\[[\t\n\r ]*[[{\]])/.test(text.replace(blank, ''));
  const isCsv = isUtf16 ? text.length <= raw.length * 0.75 : beginsUtf8(head);
  return isDocument || (isCsv && raw.length >= csvBytesMin);
}

/** The last character may be cut. */
function beginsUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** Decompresses concatenated streams, as `cat` makes them. Whitespace and zero bytes after the last one are padding. */
async function* streams(source: ByteSource, codec: Codec): AsyncGenerator<Uint8Array> {
  for (;;) {
    const head = await source.peek(magicBytes);
    yield* codec === 'gzip' ? gzipMember(source) : runEngine(engineFor(codec, head), source, codec);
    await skipPadding(source);
    const next = await source.peek(magicBytes);
    if (next.length === 0) return;
    if (codecOf(next) !== codec && !'\x1f'.startsWith(Buffer.from(next).toString('latin1')))
      throw new FeedFault(`${codec}_invalid`, `Got bytes after the end of the compressed body.`);
  }
}

async function skipPadding(source: ByteSource): Promise<void> {
  for (let piece = await source.next(); piece !== null; piece = await source.next()) {
    const at = piece.findIndex(
      (byte) => byte !== 0 && byte !== 9 && byte !== 10 && byte !== 13 && byte !== 32,
    );
    if (at < 0) continue;
    source.unread(piece.subarray(at));
    return;
  }
}
