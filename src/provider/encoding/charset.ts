// Converts bytes in any supported character set to UTF-8. What the bytes themselves prove counts first, then the header, then
// the XML declaration; an unknown name is ignored.
// Sources: W3C, "XML 1.0", appendix F; WHATWG, "Encoding Standard".

import { FeedFault } from '#/provider/fault.ts';

const headBytes = 256;

/** Passes UTF-8 through unchecked (each record is checked when it is parsed) and converts the rest. Throws FeedFault. */
export async function* toUtf8(
  chunks: AsyncIterable<Uint8Array>,
  contentType: string,
): AsyncGenerator<Uint8Array> {
  let head = new Uint8Array(0);
  let decoder: TextDecoder | null | undefined;
  for await (const chunk of chunks) {
    if (decoder !== undefined) {
      yield decoder === null ? chunk : decode(decoder, chunk);
      continue;
    }
    head = head.length === 0 ? chunk.slice() : Buffer.concat([head, chunk]);
    if (head.length < headBytes) continue;
    decoder = decoderFor(head, contentType);
    yield withoutMarks(decoder === null ? head : decode(decoder, head));
  }
  if (decoder === undefined) {
    decoder = decoderFor(head, contentType);
    yield withoutMarks(decoder === null ? head : decode(decoder, head));
  }
  if (decoder !== null && decoder.decode() !== '')
    throw new FeedFault('charset_invalid', `The feed ended inside a character of ${decoder.encoding}.`);
}

/** Null when the bytes are UTF-8, or may be: then each record is checked on its own. */
function decoderFor(head: Uint8Array, contentType: string): TextDecoder | null {
  const shown = encodingShown(head);
  if (shown === 'utf-8') return null;
  if (shown !== null) return new TextDecoder(shown);
  for (const label of [...headerCharsets(contentType), ...prologEncodings(head)]) {
    const decoder = decoderNamed(label);
    if (decoder === null || (decoder.encoding.startsWith('utf-16') && !mayBeUtf16(head))) continue;
    if (decoder.encoding === 'utf-16le' && !/le$/i.test(label) && isBigEndian(head))
      return new TextDecoder('utf-16be');
    return decoder.encoding === 'utf-8' || /^us.?ascii$/i.test(label) ? null : decoder;
  }
  return null;
}

/** A byte sequence that cannot be decoded becomes U+FFFD, and is reported with its record. */
const decode = (decoder: TextDecoder, bytes: Uint8Array): Uint8Array =>
  Buffer.from(decoder.decode(bytes, { stream: true }));

/** UTF-8 without the byte order marks at its beginning. */
function withoutMarks(utf8: Uint8Array): Uint8Array {
  let at = 0;
  while (utf8[at] === 0xef && utf8[at + 1] === 0xbb && utf8[at + 2] === 0xbf) at += 3;
  return utf8.subarray(at);
}

/** The encoding that the first bytes prove; null when several are possible. Throws FeedFault for UTF-32. */
function encodingShown(head: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' | null {
  const [a, b, c, d] = head;
  const isUtf32 =
    (a === 0 && b === 0 && (c === 0xfe || c === 0) && d !== 0) ||
    (a === 0xff && b === 0xfe && c === 0 && d === 0) ||
    (a !== 0 && b === 0 && c === 0 && d === 0);
  if (head.length >= 4 && isUtf32)
    throw new FeedFault(
      'charset_refused',
      'Got UTF-32, expected UTF-8, UTF-16 or a single-byte character set.',
    );
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if ((a === 0xff && b === 0xfe) || (isText(a) && b === 0)) return 'utf-16le';
  if ((a === 0xfe && b === 0xff) || (a === 0 && isText(b))) return 'utf-16be';
  return null;
}

/** Whether a text may begin with this character of Latin-1: a CSV begins with the name of a column. */
const isText = (byte: number | undefined): boolean =>
  byte !== undefined && (byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d);

/**
 * A text that begins in ASCII would have a zero byte there, and all formats but CSV do. Others have them in their delimiters and line
 * ends; UTF-8 and single-byte character sets have none.
 */
const mayBeUtf16 = (head: Uint8Array): boolean =>
  head.includes(0) && !/^[\t\n\r -~]{2}/.test(Buffer.from(head.subarray(0, 2)).toString('latin1'));

/** Of UTF-16 without a mark: delimiters and line ends have their zero byte first. */
const isBigEndian = (head: Uint8Array): boolean =>
  head.reduce((sum, byte, i) => sum + (byte === 0 ? (i % 2 === 0 ? 1 : -1) : 0), 0) > 0;

const headerCharsets = (contentType: string): string[] =>
  Array.from(contentType.matchAll(/charset\s*[=:]\s*["']?\s*([^\s;,"']+)/gi), ([, label = '']) => label);

function prologEncodings(head: Uint8Array): string[] {
  const text = Buffer.from(head.subarray(0, headBytes)).toString('latin1');
  const label = /^[^<]*<\?xml\s[^>]*?\bencoding\s*=\s*["']([^"']+)["']/.exec(text)?.[1];
  return label === undefined ? [] : [label.trim()];
}

/** Common names that the standard does not have, reduced to letters and digits, and the standard's names for them. */
const aliases: readonly (readonly [pattern: RegExp, label: string])[] = [
  [/utf8/, 'utf-8'],
  [/^(?:utf16|ucs2|unicode)/, 'utf-16'],
  [/^(?:iso)?8859(\d{1,2})/, 'iso-8859-$1'],
  [/^(?:cp|ms|win|windows|x)+(125\d)$/, 'windows-$1'],
  [/^(?:iso)?latin(\d{1,2})$/, 'latin$1'],
  [/^(?:ansi|win|windows)$/, 'windows-1252'],
];

/** Null when the name is unknown. */
function decoderNamed(label: string): TextDecoder | null {
  const bare = label.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  const [pattern, name] = aliases.find(([known]) => known.test(bare)) ?? [];
  const guesses = [label, label.replaceAll('_', '-'), bare];
  if (pattern !== undefined && name !== undefined)
    guesses.push((pattern.exec(bare)?.[0] ?? '').replace(pattern, name));
  for (const guess of guesses) {
    try {
      return new TextDecoder(guess);
    } catch {
      // Try the next guess.
    }
  }
  return null;
}
