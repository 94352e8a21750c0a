// Stores the raw bodies of the runs that changed something, so that an archive can be rebuilt from them.
//
//   spool/N.body, N.json    a body that is being received, and its metadata
//   content/HASH            a body, compressed
//   runs/NUMBER.json        the index: the run that read a body, and how it ended
//
// Storing is best effort: a disk error never makes a run fail.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '#/kit/errors.ts';
import { openBodyStore, type BodyStore } from './bodies/body-store.ts';
import { beginSpool, leftSpools, type LeftSpool, type Spool } from './bodies/spool.ts';
import type { Feed, NotModified } from './http/fetch.ts';

export interface EndedRun {
  readonly id: number;
  readonly provider: string;
  readonly startedAt: number;
  readonly outcome: string | null;
  readonly code: string | null;
  readonly counts: Readonly<Record<string, number>>;
}

export interface Bodies {
  /** Returns the feed, whose bytes are written to the disk as they are read. Never rejects. */
  copied(provider: string, fetched: Feed | NotModified): Promise<Feed | NotModified>;
  /** Call this after each run: stores the body if the run changed anything. Never rejects. */
  keep(run: EndedRun): Promise<void>;
}

/** A body may be this many times as large as `bytesMax` before compression; feeds typically compress to a tenth. */
const spoolRatioMax = 16;

const off: Bodies = {
  copied: (_provider, fetched) => Promise.resolve(fetched),
  keep: () => Promise.resolve(),
};

/**
 * `bytesMax` limits compressed bytes; 0 stores nothing and leaves existing bodies in place. `failed` is called when bodies
 * can no longer be stored: once, and again only after a success in between. Never rejects.
 */
export async function openBodies(
  directory: string,
  bytesMax: number,
  now: () => number,
  failed: (message: string) => void,
): Promise<Bodies> {
  if (bytesMax === 0) return off;
  const spoolIn = join(directory, 'spool');
  const active = new Map<string, Spool>();
  let spools = 0;
  let bodyStore: Promise<BodyStore> | null = null;
  let queue: Promise<void> = Promise.resolve();
  let isFailing = false;

  function report(error: unknown): void {
    if (!isFailing) failed(`A feed body cannot be stored: ${messageOf(error)}`);
    isFailing = true;
  }

  /** Writes wait until the existing entries are read; otherwise a number could be used twice. */
  function openedStore(): Promise<BodyStore> {
    bodyStore ??= resume().catch((error: unknown) => {
      bodyStore = null;
      throw error;
    });
    return bodyStore;
  }

  /** Continues from the existing files. A killed process may have absorbed what its spools contain, so they are stored too. */
  async function resume(): Promise<BodyStore> {
    const opened = await openBodyStore(directory, bytesMax, now);
    const left = await leftSpools(spoolIn);
    opened.faults.forEach(failed);
    spools = left.last;
    for (const spool of left.spools) void queued(() => opened.put(spool, false));
    void queued(() => opened.tidy());
    return opened;
  }

  /** Runs jobs one at a time. Never rejects. */
  const queued = (job: () => Promise<void>): Promise<void> => (queue = queue.then(job).catch(report));

  const put = (spool: LeftSpool, isChanged: boolean): Promise<void> =>
    queued(async () => {
      await (await openedStore()).put(spool, isChanged);
      isFailing = false;
    });

  const skipNumber = (): Promise<void> => queued(async () => (await openedStore()).skipNumber());

  await openedStore().catch(report);
  return {
    async copied(provider, fetched) {
      if ('notModified' in fetched) return fetched;
      // The end of its run was never reported: the archive failed, but may have absorbed a part of it.
      const unended = active.get(provider);
      if (unended !== undefined) void put(unended, false);
      active.delete(provider);
      try {
        await openedStore();
        await mkdir(spoolIn, { recursive: true });
        const begun = { provider, startedAt: now(), contentType: fetched.contentType };
        const spool = await beginSpool(spoolIn, ++spools, begun, bytesMax * spoolRatioMax);
        active.set(provider, spool);
        return { ...fetched, chunks: spool.copied(fetched.chunks) };
      } catch (error) {
        report(error);
        return fetched;
      }
    },

    async keep({ id, provider, startedAt, outcome, code, counts }) {
      const spool = active.get(provider);
      active.delete(provider);
      const { added = 0, changed = 0, relisted = 0, withdrawn = 0 } = counts;
      const isChanged = added + changed + relisted + withdrawn > 0;
      if (!isChanged && outcome !== 'incomplete') return spool?.drop();
      if (spool === undefined) return skipNumber();
      const held = code === 'withdrawals_held';
      spool.ended({ runId: id, startedAt, complete: outcome === 'absorbed', held, code });
      return put(spool, isChanged);
    },
  };
}
