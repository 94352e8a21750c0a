// The directory of stored bodies: `content/HASH`, each distinct content once, and `runs/NUMBER.json`, one entry per run. Its
// size is limited: the oldest entries are removed first.

import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOfFile, putContent } from './content.ts';
import { beyondLimit, entryPath, namesIn, readIndex, writeEntry, type BodyDraft } from './entry.ts';
import type { LeftSpool } from './spool.ts';

export interface BodyStore {
  /** What was wrong with index files; these have been removed. */
  readonly faults: readonly string[];
  /** Stores a spooled body unless it is known, and removes the spool. Throws when it cannot be stored. */
  put(spool: LeftSpool, isChanged: boolean): Promise<void>;
  /** Leaves out one number for a body that could not be stored, so that the gap is visible. */
  skipNumber(): void;
  /** Enforces the limit, and removes contents that no entry names. */
  tidy(): Promise<void>;
}

/** The bodies of runs that were killed, in a row, per provider: a feed that crashes its reader must not replace all others. */
const killedInARowMax = 3;

export const contentPath = (directory: string, hash: string): string => join(directory, 'content', hash);
export const runsOf = (directory: string): string => join(directory, 'runs');

/** Its functions must not run concurrently. Throws when the directory cannot be read. */
export async function openBodyStore(
  directory: string,
  bytesMax: number,
  now: () => number,
): Promise<BodyStore> {
  const runs = runsOf(directory);
  const contents = join(directory, 'content');
  await mkdir(runs, { recursive: true });
  const index = await readIndex(runs);
  for (const { path } of index.invalid) await rm(path, { force: true });
  let entries = index.entries;
  let last = entries.at(-1)?.number ?? 0;

  async function put({ path, draft }: LeftSpool, isChanged: boolean): Promise<void> {
    const digest = await digestOfFile(path);
    if (digest.bytes === 0 || (!isChanged && isKnown(draft, digest.hash))) return;
    await mkdir(contents, { recursive: true });
    await mkdir(runs, { recursive: true });
    const storedBytes = await putContent(contentPath(directory, digest.hash), digest, path);
    if (storedBytes > bytesMax)
      throw new Error(`Got ${storedBytes} compressed bytes, expected at most ${bytesMax}.`);
    const entry = { ...draft, ...digest, number: last + 1, at: now(), storedBytes };
    entries = [...entries, await writeEntry(runs, entry)];
    last++;
  }

  /** True for an unchanged body that equals the provider's last one, and for a killed run after too many others. */
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
    faults: index.invalid.map(({ message }) => message),
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
    skipNumber: () => void last++,
    async tidy() {
      await limit();
      await sweep();
    },
  };
}
