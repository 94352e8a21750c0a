// The lines of a kept body around a place that a finding or the quarantine names. The body is read as ingest read it: as UTF-8.

import { toUtf8 } from '#/provider/encoding/charset.ts';
import { readContent } from './content.ts';
import { contentPath, runsOf } from './body-store.ts';
import { readIndex, type BodyEntry } from './entry.ts';

export interface ExcerptLine {
  readonly line: number;
  readonly text: string;
  /** The number of the first byte in `text`: more than 1 where the beginning of a long line is left out. */
  readonly from: number;
  /** Whether the end of the line is left out. */
  readonly cut: boolean;
}

export interface Excerpt {
  readonly body: BodyEntry;
  /** False: the body of that run was not stored, and this is the last one before it, which may be the same. */
  readonly exact: boolean;
  readonly lines: readonly ExcerptLine[];
  /** What is at the place, with a caret below its column. */
  readonly marked: string;
}

/** Lines on each side of the place. */
const around = 2;
/** Bytes of a line; of the line with the place, half of them are in front of it. */
const lineBytes = 400;

/** The body of a run, or the newest one; null when none is kept. `run`: null for the newest. */
export async function bodyOf(
  directory: string,
  provider: string,
  run: number | null,
): Promise<{ readonly body: BodyEntry; readonly exact: boolean } | null> {
  const { entries } = await readIndex(runsOf(directory));
  const own = entries.filter((entry) => entry.provider === provider);
  if (run === null) return exactly(own.at(-1));
  const exact = exactly(own.findLast((entry) => entry.runId === run));
  if (exact !== null) return exact;
  // A body that changed nothing is not stored again: then the last one before the run has the same places, or nearly so.
  const before = own.findLast((entry) => entry.runId !== null && entry.runId < run);
  return before === undefined ? null : { body: before, exact: false };
}

const exactly = (body: BodyEntry | undefined) => (body === undefined ? null : { body, exact: true });

/**
 * Null when the body has no such line. A column is a number of bytes up to the record, and of characters in it: in a record with
 * other characters than those of ASCII, the mark is a little to the left. Throws when the body cannot be read.
 */
export async function excerptOf(
  directory: string,
  { body, exact }: { readonly body: BodyEntry; readonly exact: boolean },
  line: number,
  column: number,
): Promise<Excerpt | null> {
  const lines: ShownLine[] = [];
  const chunks = toUtf8(readContent(contentPath(directory, body.hash)), body.contentType);
  for await (const one of linesAround(chunks, line, column)) lines.push(one);
  const own = lines.find((one) => one.line === line);
  if (own === undefined) return null;
  return {
    body,
    exact,
    lines: lines.map(({ before: _, ...one }) => one),
    marked: `${own.text}\n${' '.repeat(own.before)}^`,
  };
}

/** `before`: characters in front of the place. */
type ShownLine = ExcerptLine & { readonly before: number };

const newline = 0x0a;

/** Reads as far as the last line that is wanted. Keeps no more of a line than what is shown of it. */
async function* linesAround(
  chunks: AsyncIterable<Uint8Array>,
  line: number,
  column: number,
): AsyncGenerator<ShownLine> {
  const last = line + around;
  let number = 1;
  let collected = createLine(number, line, column);
  for await (const chunk of chunks) {
    for (let from = 0; from < chunk.length;) {
      const end = chunk.indexOf(newline, from);
      const to = end < 0 ? chunk.length : end;
      if (number >= line - around) collected.add(chunk.subarray(from, to));
      if (end < 0) break;
      if (number >= line - around) yield collected.finished();
      if (++number > last) return;
      if (number >= line - around) collected = createLine(number, line, column);
      from = end + 1;
    }
  }
  if (number >= line - around) yield collected.finished();
}

function createLine(number: number, line: number, column: number) {
  const at = number === line ? column - 1 : 0;
  const low = Math.max(0, at - lineBytes / 2);
  const parts: Uint8Array[] = [];
  let length = 0;

  return {
    add(bytes: Uint8Array): void {
      const [from, to] = [Math.max(0, low - length), Math.max(0, low + lineBytes - length)];
      // Copied: the next chunk may be in the same memory.
      if (to > 0 && from < bytes.length) parts.push(bytes.slice(from, to));
      length += bytes.length;
    },
    finished(): ShownLine {
      const kept = Buffer.concat(parts);
      let begin = 0;
      // Not in the middle of a character.
      while (low > 0 && begin < 3 && ((kept[begin] ?? 0) & 0xc0) === 0x80) begin++;
      const text = kept.subarray(begin).toString('utf8').replace(/\r$/, '');
      const before = kept.subarray(begin, Math.max(begin, at - low)).toString('utf8').length;
      const cut = length > low + lineBytes;
      return { line: number, text, from: low + begin + 1, cut, before: Math.min(before, text.length) };
    },
  };
}
