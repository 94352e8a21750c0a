// Writes many short texts into one growing buffer as UTF-8: no object per text.

export interface TextWriter {
  /** Returns the number of bytes written so far. */
  write(text: string): number;
  /** The bytes written; the writer must not be used after this. */
  finished(): Buffer<ArrayBuffer>;
}

const bytesAtFirst = 64 * 1024;
/** A UTF-16 unit takes at most three bytes of UTF-8. */
const unitBytesMax = 3;

/** `first`: a buffer that nobody uses, to start with. */
export function createTextWriter(first = Buffer.allocUnsafeSlow(bytesAtFirst)): TextWriter {
  let bytes: Buffer<ArrayBuffer> = first;
  let used = 0;
  return {
    write(text) {
      const most = used + text.length * unitBytesMax;
      if (most > bytes.length) {
        const larger = Buffer.allocUnsafeSlow(Math.max(most, bytes.length * 2));
        bytes.copy(larger, 0, 0, used);
        bytes = larger;
      }
      return (used += bytes.write(text, used));
    },
    finished: () => bytes.subarray(0, used),
  };
}
