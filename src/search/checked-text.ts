// Bytes that clients carry from one answer to the next request, as base64url with a checksum. It protects from typing errors and from
// texts that clients make up; it keeps nothing secret.
//
//   format u8 · what `write` writes · checksum 6 bytes

import { hash } from 'node:crypto';

export interface CheckedText {
  /** `write` fills the bytes after the first. */
  encode(write: (bytes: Buffer) => void): string;
  /** Null when the text is damaged, or of another purpose or format. */
  decode(text: string): Buffer | null;
}

const sumBytes = 6;

/** `bodyBytes`: without the checksum. `purpose`: texts of two purposes have different checksums. */
export function checkedText(purpose: string, format: number, bodyBytes: number): CheckedText {
  const textLength = Math.ceil(((bodyBytes + sumBytes) * 4) / 3);
  const label = Buffer.from(purpose);
  const sumOf = (bytes: Buffer): Buffer =>
    hash('sha256', Buffer.concat([label, bytes.subarray(0, bodyBytes)]), 'buffer').subarray(0, sumBytes);
  return {
    encode(write) {
      const bytes = Buffer.alloc(bodyBytes + sumBytes);
      bytes.writeUInt8(format, 0);
      write(bytes);
      sumOf(bytes).copy(bytes, bodyBytes);
      return bytes.toString('base64url');
    },
    decode(text) {
      const bytes = Buffer.from(text, 'base64url');
      const isWhole =
        text.length === textLength &&
        bytes.length === bodyBytes + sumBytes &&
        bytes.readUInt8(0) === format &&
        sumOf(bytes).equals(bytes.subarray(bodyBytes));
      return isWhole ? bytes : null;
    },
  };
}

/** A number of 32 bits that stands for a text. */
export const numberOf = (text: string): number => hash('sha256', text, 'buffer').readUInt32BE();
