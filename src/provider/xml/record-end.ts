// Finds the end of a record, across chunks. It searches for the end tag with a native search, and only steps over comments,
// CDATA sections and processing instructions on the way.

import { isBlank } from './cursor.ts';

/** Finds the next occurrence of a needle. It searches each byte once, however many records come before the occurrence. */
export interface Finder {
  /** The first occurrence at or after `from` (bytes from the start of the feed); Infinity when none has arrived. */
  next(bytes: Buffer, base: number, from: number): number;
}

export function createFinder(needle: string): Finder {
  let found = -1;
  let clearTo = 0;
  return {
    next(bytes, base, from) {
      if (found >= from) return found;
      const at = bytes.indexOf(needle, Math.max(from, clearTo) - base);
      if (at >= 0) return (found = base + at);
      clearTo = Math.max(clearTo, base + bytes.length - needle.length + 1);
      return Infinity;
    },
  };
}

/** One for all records of a feed: an object for each takes longer to collect than to use. */
export interface RecordEnd {
  /** Now for the record `<name …` whose "<" is at `start` (bytes from the start of the feed), after all records before it. */
  begin(name: string, start: number): void;
  /** Continues from where it stopped. Returns the index after the record, or -1 when its end has not arrived. */
  find(bytes: Buffer, base: number): number;
}

/** Markup that may contain text like an end tag, and how it ends. */
const specialsOf: readonly (readonly [opening: string, until: string])[] = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
];

type Phase = 'tag' | 'body' | 'skip';

export function createRecordEnd(): RecordEnd {
  const [declarations, instructions] = [createFinder('<!'), createFinder('<?')];
  let endTag = '';
  let endTags = createFinder(endTag);
  let phase: Phase = 'tag';
  /** In a start tag: the quote of the open value, or 0. */
  let quote = 0;
  /** In markup that is skipped: how it ends. */
  let until = '';
  let start = 0;
  let at = 0;

  /** Reads the start tag. In the form `<name … />` it is the whole record. */
  function inTag(bytes: Buffer, base: number): number | null {
    let open = quote;
    for (let i = at - base; i < bytes.length; i++) {
      const code = bytes[i];
      if (code === 60 && base + i > start) {
        // A start tag contains no "<", so a quote is not closed. Only this record is lost, not the next one.
        at = base + i;
        phase = 'body';
        return null;
      }
      if (open !== 0) {
        if (code === open) open = 0;
      } else if (code === 34 || code === 39) open = code;
      else if (code === 62) {
        if (bytes[i - 1] === 47) return i + 1;
        at = base + i + 1;
        phase = 'body';
        return null;
      }
    }
    at = base + bytes.length;
    quote = open;
    return -1;
  }

  function inBody(bytes: Buffer, base: number): number | null {
    const end = endTags.next(bytes, base, at);
    const special = Math.min(declarations.next(bytes, base, at), instructions.next(bytes, base, at));
    if (special < end) {
      const head = bytes.toString('latin1', special - base, special - base + 9);
      if (head.length < 9) {
        at = special; // the bytes before it are released when the record is too large
        return -1;
      }
      const [begin, closing] = specialsOf.find(([opening]) => head.startsWith(opening)) ?? ['<!', '>'];
      phase = 'skip';
      until = closing;
      at = special + begin.length; // `<!-->` begins a comment and does not end it
      return null;
    }
    if (end === Infinity) {
      at = Math.max(at, base + bytes.length - endTag.length);
      return -1;
    }
    let close = end - base + endTag.length;
    while (close < bytes.length && isBlank(bytes[close])) close++;
    at = end;
    if (close >= bytes.length) return -1;
    if (bytes[close] === 62) return close + 1;
    at++; // `</names>` is not `</name>`
    return null;
  }

  function inSkip(bytes: Buffer, base: number): number | null {
    const found = bytes.indexOf(until, at - base);
    if (found < 0) {
      at = Math.max(at, base + bytes.length - until.length + 1);
      return -1;
    }
    at = base + found + until.length;
    phase = 'body';
    return null;
  }

  return {
    begin(name, from) {
      if (endTag !== `</${name}`) {
        endTag = `</${name}`;
        endTags = createFinder(endTag);
      }
      phase = 'tag';
      quote = 0;
      start = from;
      at = from;
    },
    find(bytes, base) {
      for (;;) {
        const found: number | null =
          phase === 'tag' ? inTag(bytes, base) : phase === 'body' ? inBody(bytes, base) : inSkip(bytes, base);
        if (found !== null) return found;
      }
    },
  };
}
