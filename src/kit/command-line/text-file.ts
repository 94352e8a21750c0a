// Reads a text file that a person wrote. Editors may put a byte order mark at its beginning.

import { readFileSync } from 'node:fs';

/** UTF-8 with or without a byte order mark, or UTF-16 with one. Throws file system errors, and when the bytes are not text. */
export function readTextFile(path: string): string {
  const bytes = readFileSync(path);
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? 'utf-16le'
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? 'utf-16be'
        : 'utf-8';
  try {
    // TextDecoder removes the byte order mark.
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (error) {
    throw new Error(`Got bytes that are not ${encoding.toUpperCase()}, expected text.`, { cause: error });
  }
}
