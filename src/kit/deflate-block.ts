/**
 * `bytes` (at most 65,535) as a stored block of a deflate stream, which is not compressed: the final-block flag, the
 * length, its complement, the bytes. Source: RFC 1951, section 3.2.4.
 */
export function storedBlock(bytes: Uint8Array, isLast: boolean): Buffer {
  const block = Buffer.allocUnsafe(5 + bytes.length);
  block[0] = Number(isLast);
  block.writeUInt16LE(bytes.length, 1);
  block.writeUInt16LE(~bytes.length & 0xffff, 3);
  block.set(bytes, 5);
  return block;
}
