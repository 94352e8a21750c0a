// Finds the end of a JSON object, or one of its own members, across chunks. It compares the kinds of brackets, so that a record
// with a bracket too many or too few does not include the next records. The parser checks later that the object is valid JSON.

export type Found = 'end' | 'member' | 'more';

export interface ObjectScan {
  /** Offset in the feed: behind what was found; after `more`, up to where the bytes were read. */
  readonly at: number;
  /** The first byte that the scan still needs after `more`. */
  readonly keepFrom: number;
  /**
   * Continues from where it stopped. `member`: the value of a wanted member follows. `end`: the object ended; at a `]` that
   * belongs to no array inside of it, the object ends before that bracket.
   */
  find(bytes: Buffer, base: number): Found;
  /** Continues at this offset, behind the value of a member. */
  resume(offset: number): void;
}

const [newline, quote, backslash, colon, tab, carriageReturn, space] = [10, 34, 92, 58, 9, 13, 32];
const [openBrace, closeBrace, openBracket, closeBracket] = [123, 125, 91, 93];
/** Brackets beyond this depth are only counted. */
const kindsMax = 64;

/** For the object whose `{` is at `start` (bytes from the start of the feed). `wanted`: names of its members. */
export function createObjectScan(start: number, wanted: readonly string[]): ObjectScan {
  const longest = Math.max(0, ...wanted.map((name) => Buffer.byteLength(name)));
  /** The open brackets, outermost first; those beyond `kindsMax` only as a number. */
  const open: number[] = [];
  let deeper = 0;
  let at = start;
  let inString = false;
  let escaped = false;
  /** Where the text of a string of the object itself begins; -1 for any other. */
  let textFrom = -1;
  let isWanted = false;

  /** Whether the object has ended with this bracket. */
  function close(kind: number): boolean {
    if (deeper > 0) {
      deeper--;
      return false;
    }
    const place = open.lastIndexOf(kind === closeBrace ? openBrace : openBracket);
    if (place >= 0) open.length = place;
    return open.length === 0;
  }

  function openOne(kind: number): void {
    if (open.length < kindsMax) open.push(kind);
    else deeper++;
  }

  function nameEnds(bytes: Buffer, base: number, end: number): void {
    const length = end - textFrom;
    isWanted =
      textFrom >= 0 &&
      length <= longest &&
      wanted.includes(bytes.toString('utf8', textFrom - base, end - base));
    textFrom = -1;
  }

  return {
    get at() {
      return at;
    },
    get keepFrom() {
      return textFrom >= 0 && at - textFrom <= longest ? textFrom : at;
    },
    find(bytes, base) {
      for (let i = at - base; i < bytes.length; i++) {
        const code = bytes[i] ?? 0;
        if (inString) {
          if (escaped) escaped = false;
          else if (code === backslash) escaped = true;
          else if (code === quote) {
            inString = false;
            if (longest > 0) nameEnds(bytes, base, base + i);
          } // No string of JSON has a raw line end: this one was not closed.
          else if (code === newline) inString = false;
          continue;
        }
        if (code === quote) {
          inString = true;
          escaped = false;
          isWanted = false;
          textFrom = longest > 0 && open.length === 1 ? base + i + 1 : -1;
        } else if (code === openBrace || code === openBracket) openOne(code);
        else if (code === closeBracket && deeper === 0 && !open.includes(openBracket)) {
          at = base + i;
          return 'end';
        } else if (code === closeBrace || code === closeBracket) {
          if (!close(code)) continue;
          at = base + i + 1;
          return 'end';
        } else if (code === colon && isWanted) {
          isWanted = false;
          at = base + i + 1;
          return 'member';
        } else if (code !== space && code !== tab && code !== newline && code !== carriageReturn)
          isWanted = false;
      }
      at = base + bytes.length;
      return 'more';
    },
    resume(offset) {
      at = offset;
    },
  };
}
