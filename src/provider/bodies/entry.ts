// The index of the kept bodies: for each one run, how its feed ended, and which content it had. One small file each,
// numbered in the order in which the runs ended; a number that is missing is a body that is not kept any more.

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { messageOf } from '#/kit/errors.ts';
import { isMissing, writeDurably } from '#/kit/files.ts';

const format = 1;
const instant = z.int().min(0);

/** What is known of a body before its content is: it lies beside the body while that is written. */
export const draftShape = z.strictObject({
  provider: z.string().min(1),
  /** In the archive; null when the process was killed, or the archive failed, before the run ended. */
  runId: z.int().min(1).nullable(),
  startedAt: instant,
  contentType: z.string(),
  /** The run took it for a whole feed. */
  complete: z.boolean(),
  /** Why there are no more bytes than these; null when the provider had no more. */
  fault: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
  /** Its withdrawals did not go through. */
  held: z.boolean(),
});
export type BodyDraft = z.infer<typeof draftShape>;

const entryShape = draftShape.extend({
  format: z.literal(format),
  number: z.int().min(1),
  /** When it was kept. */
  at: instant,
  /** SHA-256 of the bytes, in hex: the name of the content. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().min(1),
  /** Compressed, on the disk. */
  storedBytes: z.int().min(1),
});
export type BodyEntry = z.infer<typeof entryShape>;

/** Of bodies that are small there may be many; a directory should not hold more than this. */
const entriesMax = 10_000;

export const entryPath = (directory: string, number: number): string =>
  join(directory, `${String(number).padStart(10, '0')}.json`);

export async function writeEntry(directory: string, given: Omit<BodyEntry, 'format'>): Promise<BodyEntry> {
  const entry = entryShape.parse({ format, ...given });
  await writeDurably(entryPath(directory, entry.number), `${JSON.stringify(entry)}\n`);
  return entry;
}

export interface BodyIndex {
  /** In the order of their numbers. */
  readonly entries: readonly BodyEntry[];
  /** Files that are no entries, and what is wrong with them. */
  readonly broken: readonly { readonly path: string; readonly message: string }[];
}

export async function readIndex(directory: string): Promise<BodyIndex> {
  const entries: BodyEntry[] = [];
  const broken: { path: string; message: string }[] = [];
  for (const name of (await namesIn(directory)).toSorted()) {
    if (!/^\d{10}\.json$/.test(name)) continue;
    const path = join(directory, name);
    try {
      const entry = entryShape.parse(JSON.parse(await readFile(path, 'utf8')));
      if (entryPath(directory, entry.number) !== path)
        throw new Error(`Got entry ${entry.number} in ${name}.`);
      entries.push(entry);
    } catch (error) {
      const saw = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
      broken.push({ path, message: `${path} is no entry of the index: ${saw}` });
    }
  }
  return { entries, broken };
}

/** The oldest entries, those that the newer ones leave no room for. A content that several have counts once. */
export function beyondLimit(entries: readonly BodyEntry[], bytesMax: number): readonly BodyEntry[] {
  const hashes = new Set<string>();
  let bytes = 0;
  for (let i = entries.length - 1; i >= 0; i--) {
    const { hash, storedBytes } = entries[i] as BodyEntry;
    if (!hashes.has(hash)) bytes += storedBytes;
    hashes.add(hash);
    if (bytes > bytesMax || entries.length - i > entriesMax) return entries.slice(0, i + 1);
  }
  return [];
}

/** The names in a directory; none when it is not there. */
export async function namesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
