// The raw bodies of the runs that changed something, kept so that an archive can be built again from them.
//
//   spool/N.body, N.json    a body on its way, and what is known of it
//   content/HASH            a body, compressed
//   runs/NUMBER.json        the index: whose run it was, and how it ended
//
// Keeping is best effort: whatever the disk does, no run fails for it.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '#/kit/errors.ts';
import { openShelf, type Shelf } from './bodies/shelf.ts';
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
  /** The feed, its bytes written down on their way. Never rejects. */
  copied(provider: string, fetched: Feed | NotModified): Promise<Feed | NotModified>;
  /** After each run: keeps what it read, if that has changed anything. Never rejects. */
  keep(run: EndedRun): Promise<void>;
}

/** A body may be this many times as large as what may be kept compressed; feeds shrink to a tenth or so. */
const spoolRatioMax = 16;

const off: Bodies = {
  copied: (_provider, fetched) => Promise.resolve(fetched),
  keep: () => Promise.resolve(),
};

/**
 * `bytesMax` counts compressed bytes; 0 keeps nothing, and leaves alone what is there. `failed` is told when bodies
 * cannot be kept any more: once, and again only after one could be. Never rejects.
 */
export async function openBodies(
  directory: string,
  bytesMax: number,
  now: () => number,
  failed: (message: string) => void,
): Promise<Bodies> {
  if (bytesMax === 0) return off;
  const spoolIn = join(directory, 'spool');
  const inHand = new Map<string, Spool>();
  let spools = 0;
  let shelf: Promise<Shelf> | null = null;
  let queue: Promise<void> = Promise.resolve();
  let isFailing = false;

  function tell(error: unknown): void {
    if (!isFailing) failed(`The body of a feed could not be kept: ${messageOf(error)}`);
    isFailing = true;
  }

  /** Until it is known what is there, nothing may be written: a number could be given twice. */
  function openedShelf(): Promise<Shelf> {
    shelf ??= takeUp().catch((error: unknown) => {
      shelf = null;
      throw error;
    });
    return shelf;
  }

  /** Goes on from what is there: what a killed process has left may have been absorbed, so it is kept as well. */
  async function takeUp(): Promise<Shelf> {
    const opened = await openShelf(directory, bytesMax, now);
    const left = await leftSpools(spoolIn);
    opened.faults.forEach(failed);
    spools = left.last;
    for (const spool of left.spools) void queued(() => opened.put(spool, false));
    void queued(() => opened.tidy());
    return opened;
  }

  /** One after the other. Never rejects. */
  const queued = (job: () => Promise<void>): Promise<void> => (queue = queue.then(job).catch(tell));

  const put = (spool: LeftSpool, isChanged: boolean): Promise<void> =>
    queued(async () => {
      await (await openedShelf()).put(spool, isChanged);
      isFailing = false;
    });

  const miss = (): Promise<void> => queued(async () => (await openedShelf()).miss());

  await openedShelf().catch(tell);
  return {
    async copied(provider, fetched) {
      if ('notModified' in fetched) return fetched;
      // Its run was never told to have ended: the archive has failed, and may have some of it all the same.
      const unended = inHand.get(provider);
      if (unended !== undefined) void put(unended, false);
      inHand.delete(provider);
      try {
        await openedShelf();
        await mkdir(spoolIn, { recursive: true });
        const begun = { provider, startedAt: now(), contentType: fetched.contentType };
        const spool = await beginSpool(spoolIn, ++spools, begun, bytesMax * spoolRatioMax);
        inHand.set(provider, spool);
        return { ...fetched, chunks: spool.copied(fetched.chunks) };
      } catch (error) {
        tell(error);
        return fetched;
      }
    },

    async keep({ id, provider, startedAt, outcome, code, counts }) {
      const spool = inHand.get(provider);
      inHand.delete(provider);
      const { added = 0, changed = 0, relisted = 0, withdrawn = 0 } = counts;
      const isChanged = added + changed + relisted + withdrawn > 0;
      if (!isChanged && outcome !== 'incomplete') return spool?.drop();
      if (spool === undefined) return miss();
      const held = code === 'withdrawals_held';
      spool.ended({ runId: id, startedAt, complete: outcome === 'absorbed', held, code });
      return put(spool, isChanged);
    },
  };
}
