// Where bodies are kept: `content/HASH`, the same content once, and `runs/NUMBER.json`, one entry per run. It has a
// limit: the oldest go first.

import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOfFile, putContent } from './content.ts';
import { beyondLimit, entryPath, namesIn, readIndex, writeEntry, type BodyDraft } from './entry.ts';
import type { LeftSpool } from './spool.ts';

export interface Shelf {
  /** What was wrong with the index; it is gone. */
  readonly faults: readonly string[];
  /** Keeps what was spooled, unless it is known; then the spool is gone. Throws when it cannot be kept. */
  put(spool: LeftSpool, isChanged: boolean): Promise<void>;
  /** A body that should be here and never will be: its number is missing, so that the gap shows. */
  miss(): void;
  /** Holds it to its limit, and removes what no entry names. */
  tidy(): Promise<void>;
}

/** A feed that kills its reader again and again must not push all others out. */
const killedInARowMax = 3;

export const contentPath = (directory: string, hash: string): string => join(directory, 'content', hash);
export const runsOf = (directory: string): string => join(directory, 'runs');

/** Not to be called for two things at once. Throws when it cannot be read what is there. */
export async function openShelf(directory: string, bytesMax: number, now: () => number): Promise<Shelf> {
  const runs = runsOf(directory);
  const contents = join(directory, 'content');
  await mkdir(runs, { recursive: true });
  const index = await readIndex(runs);
  for (const { path } of index.broken) await rm(path, { force: true });
  let entries = index.entries;
  let last = entries.at(-1)?.number ?? 0;

  async function put({ path, draft }: LeftSpool, isChanged: boolean): Promise<void> {
    const digest = await digestOfFile(path);
    if (digest.bytes === 0 || (!isChanged && isKnown(draft, digest.hash))) return;
    await mkdir(contents, { recursive: true });
    await mkdir(runs, { recursive: true });
    const storedBytes = await putContent(contentPath(directory, digest.hash), digest, path);
    if (storedBytes > bytesMax)
      throw new Error(`Got ${storedBytes} bytes, compressed, expected at most ${bytesMax}.`);
    const entry = { ...draft, ...digest, number: last + 1, at: now(), storedBytes };
    entries = [...entries, await writeEntry(runs, entry)];
    last++;
  }

  /** A run that changed nothing is not kept for a body that is there already, nor is one killed run after another. */
  function isKnown({ provider, runId, held, complete }: BodyDraft, hash: string): boolean {
    const latest = entries.filter((entry) => entry.provider === provider).slice(-killedInARowMax);
    const before = latest.at(-1);
    if (before?.hash === hash && before.held === held && before.complete === complete) return true;
    return runId === null && latest.filter((entry) => entry.runId === null).length === killedInARowMax;
  }

  async function limit(): Promise<void> {
    const dropped = beyondLimit(entries, bytesMax);
    if (dropped.length === 0) return;
    entries = entries.slice(dropped.length);
    for (const { number } of dropped) await rm(entryPath(runs, number), { force: true });
    await sweep();
  }

  async function sweep(): Promise<void> {
    const named = new Set(entries.map(({ hash }) => hash));
    for (const name of await namesIn(contents)) {
      if (!named.has(name)) await rm(contentPath(directory, name), { force: true });
    }
  }

  return {
    faults: index.broken.map(({ message }) => message),
    async put(spool, isChanged) {
      try {
        await spool.close();
        await put(spool, isChanged);
        await limit();
      } catch (error) {
        last++;
        await sweep().catch(() => undefined);
        throw error;
      } finally {
        await spool.drop();
      }
    },
    miss: () => void last++,
    async tidy() {
      await limit();
      await sweep();
    },
  };
}
