// Bytes in whatever character set → UTF-8 bytes, strictly: what does not decode is a fault, never U+FFFD.

import { FeedFault } from './fault.ts';

const headBytes = 256;

/** Passes UTF-8 through as it is (each record is checked where it is parsed) and converts the rest. Throws FeedFault. */
export async function* toUtf8(
  chunks: AsyncIterable<Uint8Array>,
  contentType: string,
): AsyncGenerator<Uint8Array> {
  let head = new Uint8Array(0);
  let decoder: TextDecoder | null | undefined;
  for await (const chunk of chunks) {
    if (decoder !== undefined) {
      yield decoder === null ? chunk : decode(decoder, chunk, true);
      continue;
    }
    head = head.length === 0 ? chunk.slice() : Buffer.concat([head, chunk]);
    if (head.length < headBytes) continue;
    decoder = decoderFor(head, contentType);
    yield decoder === null ? withoutMark(head) : decode(decoder, head, true);
  }
  if (decoder === undefined) {
    decoder = decoderFor(head, contentType);
    yield decoder === null ? withoutMark(head) : decode(decoder, head, true);
  }
  if (decoder !== null) yield decode(decoder, new Uint8Array(0), false);
}

/** By byte order mark, then header, then XML prolog; null where the bytes are UTF-8 already. */
function decoderFor(head: Uint8Array, contentType: string): TextDecoder | null {
  const label = markOf(head) ?? headerCharset(contentType) ?? prologEncoding(head) ?? 'utf-8';
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(label, { fatal: true });
  } catch {
    throw new FeedFault(
      'charset_unknown',
      `Got the character set ${JSON.stringify(label.slice(0, 60))}, which is not known.`,
    );
  }
  return decoder.encoding === 'utf-8' || /^us-ascii$/i.test(label) ? null : decoder;
}

function decode(decoder: TextDecoder, bytes: Uint8Array, stream: boolean): Uint8Array {
  try {
    return Buffer.from(decoder.decode(bytes, { stream }));
  } catch {
    throw new FeedFault('charset_invalid', `Got bytes that are not ${decoder.encoding}.`);
  }
}

const withoutMark = (head: Uint8Array): Uint8Array => (markOf(head) === 'utf-8' ? head.subarray(3) : head);

function markOf(head: Uint8Array): string | undefined {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 'utf-8';
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  return undefined;
}

const headerCharset = (contentType: string): string | undefined =>
  /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(contentType)?.[1];

function prologEncoding(head: Uint8Array): string | undefined {
  const text = Buffer.from(head.subarray(0, headBytes)).toString('latin1');
  return /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([^"']+)["']/.exec(text)?.[1];
}
