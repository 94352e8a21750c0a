// A file that a person has written, whatever mark of its encoding an editor has put before it.

import { readFileSync } from 'node:fs';

/** UTF-8, with or without its mark, or UTF-16 with one. Throws what the file system says, or when the bytes are no text. */
export function readTextFile(path: string): string {
  const bytes = readFileSync(path);
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? 'utf-16le'
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? 'utf-16be'
        : 'utf-8';
  try {
    // It leaves the mark out.
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (error) {
    throw new Error(`Got bytes that are not ${encoding.toUpperCase()}, expected a text.`, { cause: error });
  }
}
