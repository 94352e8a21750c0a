// A byte stream that supports looking ahead and putting bytes back.

export interface ByteSource {
  /** The next piece, never empty; null at the end. */
  next(): Promise<Uint8Array | null>;
  /** Puts bytes back in front of the rest. */
  unread(bytes: Uint8Array): void;
  /** At least `count` bytes if there are as many, else the whole rest. Consumes nothing. */
  peek(count: number): Promise<Uint8Array>;
}

export function createByteSource(chunks: AsyncIterable<Uint8Array>): ByteSource {
  const iterator = chunks[Symbol.asyncIterator]();
  let held: Uint8Array | null = null;

  const source: ByteSource = {
    async next() {
      const piece = held;
      held = null;
      if (piece !== null) return piece;
      for (;;) {
        const { value, done } = await iterator.next();
        if (done === true) return null;
        if (value.length > 0) return value;
      }
    },
    unread(bytes) {
      if (bytes.length > 0) held = held === null ? bytes : Buffer.concat([bytes, held]);
    },
    async peek(count) {
      const pieces: Uint8Array[] = [];
      for (let length = 0; length < count;) {
        const piece = await source.next();
        if (piece === null) break;
        pieces.push(piece);
        length += piece.length;
      }
      const [first] = pieces;
      const bytes = pieces.length === 1 && first !== undefined ? first : Buffer.concat(pieces);
      source.unread(bytes);
      return bytes;
    },
  };
  return source;
}

/** Yields the rest of a source. */
export async function* restOf(source: ByteSource): AsyncGenerator<Uint8Array> {
  for (let piece = await source.next(); piece !== null; piece = await source.next()) yield piece;
}
