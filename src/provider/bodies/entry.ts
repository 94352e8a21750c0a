// The index of stored bodies. Each entry is a small file for one run: how its feed ended and which content it had. Numbers
// follow the order in which the runs ended. A missing number is a body that is no longer stored.

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { messageOf } from '#/kit/errors.ts';
import { isMissing, writeDurably } from '#/kit/files.ts';

const format = 1;
const instant = z.int().min(0);

/** The metadata of a body that is being received; stored next to it. */
export const draftShape = z.strictObject({
  provider: z.string().min(1),
  /** The run in the archive; null when the process was killed or the archive failed before the run ended. */
  runId: z.int().min(1).nullable(),
  startedAt: instant,
  contentType: z.string(),
  /** The run read it as a complete feed. */
  complete: z.boolean(),
  /** Why the body ends here; null when it is complete. */
  fault: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
  /** The gate held its withdrawals. */
  held: z.boolean(),
});
export type BodyDraft = z.infer<typeof draftShape>;

const entryShape = draftShape.extend({
  format: z.literal(format),
  number: z.int().min(1),
  /** When the entry was stored. */
  at: instant,
  /** SHA-256 of the uncompressed bytes, in hex: the name of the content. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().min(1),
  /** The compressed size. */
  storedBytes: z.int().min(1),
});
export type BodyEntry = z.infer<typeof entryShape>;

/** Limits the files in one directory when bodies are small. */
const entriesMax = 10_000;

export const entryPath = (directory: string, number: number): string =>
  join(directory, `${String(number).padStart(10, '0')}.json`);

export async function writeEntry(directory: string, given: Omit<BodyEntry, 'format'>): Promise<BodyEntry> {
  const entry = entryShape.parse({ format, ...given });
  await writeDurably(entryPath(directory, entry.number), `${JSON.stringify(entry)}\n`);
  return entry;
}

export interface BodyIndex {
  /** In order of their numbers. */
  readonly entries: readonly BodyEntry[];
  /** Files that are not valid entries, with the reason. */
  readonly invalid: readonly { readonly path: string; readonly message: string }[];
}

export async function readIndex(directory: string): Promise<BodyIndex> {
  const entries: BodyEntry[] = [];
  const invalid: { path: string; message: string }[] = [];
  for (const name of (await namesIn(directory)).toSorted()) {
    if (!/^\d{10}\.json$/.test(name)) continue;
    const path = join(directory, name);
    try {
      const entry = entryShape.parse(JSON.parse(await readFile(path, 'utf8')));
      if (entryPath(directory, entry.number) !== path)
        throw new Error(`Got entry ${entry.number} in ${name}, expected the same number.`);
      entries.push(entry);
    } catch (error) {
      const saw = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
      invalid.push({ path, message: `${path} is not a valid index entry: ${saw}` });
    }
  }
  return { entries, invalid };
}

/** The oldest entries, which are beyond the limit. A content that several entries share counts once. */
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

/** The names in a directory; empty when it does not exist. */
export async function namesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
