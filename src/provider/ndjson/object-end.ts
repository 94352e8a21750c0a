// Finds where a JSON object ends, over as many chunks as it takes: brackets are counted, strings stepped over. Whether it
// is JSON at all is asked where it is parsed.

export interface ObjectEnd {
  /**
   * Looks on from where it stopped. Gives the index behind the object, or that of the line's end when it comes first
   * (no JSON text on one line holds a raw one), or -1 when neither is there yet.
   */
  find(bytes: Buffer, base: number): number;
}

const [newline, quote, backslash] = [10, 34, 92];
/** `{` and `[`, `}` and `]`: each pair is one but for this bit. */
const [curly, opening, closing] = [0x20, 0x7b, 0x7d];

/** For the object whose `{` is at `start` (bytes from the start of the feed). */
export function createObjectEnd(start: number): ObjectEnd {
  let at = start;
  let depth = 0;
  let inString = false;
  let escaped = false;
  return {
    find(bytes, base) {
      // Every byte of a feed comes by here: the state is kept in locals.
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
