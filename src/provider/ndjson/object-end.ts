// Finds the end of a JSON object, across chunks, by counting brackets outside of strings. The parser checks later that the
// object is valid JSON.

export interface ObjectEnd {
  /**
   * Continues from where it stopped. Returns the index after the object, the index of a line end that comes first (JSON on
   * one line contains no raw line end), or -1 when neither has arrived.
   */
  find(bytes: Buffer, base: number): number;
}

const [newline, quote, backslash] = [10, 34, 92];
/** `{` and `[` differ in this bit only, and so do `}` and `]`. */
const [curly, opening, closing] = [0x20, 0x7b, 0x7d];

/** For the object whose `{` is at `start` (bytes from the start of the feed). */
export function createObjectEnd(start: number): ObjectEnd {
  let at = start;
  let depth = 0;
  let inString = false;
  let escaped = false;
  return {
    find(bytes, base) {
      // This loop sees every byte of a feed, so the state is in local variables.
      let [open, text, skip] = [depth, inString, escaped];
      for (let i = at - base; i < bytes.length; i++) {
        const code = bytes[i] ?? 0;
        if (code === newline) return i;
        if (text) {
          if (skip) skip = false;
          else if (code === backslash) skip = true;
          else if (code === quote) text = false;
        } else if (code === quote) text = true;
        else if ((code | curly) === opening) open++;
        else if ((code | curly) === closing && --open === 0) return i + 1;
      }
      at = base + bytes.length;
      [depth, inString, escaped] = [open, text, skip];
      return -1;
    },
  };
}
