// Returns the memory of replaced segments to the system. V8 frees them when it collects garbage, which a worker that answers from
// bytes rarely makes: after a change of all days, a whole second catalogue stayed in memory.

import { setTimeout as sleep } from 'node:timers/promises';
import { replacedEntries, type Manifest, type SegmentEntry } from '#/snapshot/manifest.ts';

export interface Reclaim {
  /** The worker serves this manifest from now on. */
  served(manifest: Pick<Manifest, 'segments'>): void;
}

/** A full collection takes some 10 ms: replaced segments wait for it until they are this share of the catalogue. */
const replacedShare = 0.2;
const replacedBytesMin = 16_000_000;
/** Answers on their way refer to the old view for this long; those to slow clients keep theirs. */
const settleMs = 2000;

/** `collect` collects all garbage at once. */
export function createReclaim(collect: () => void, settled: () => Promise<unknown> = settle): Reclaim {
  let kept: readonly SegmentEntry[] = [];
  let replaced = 0;
  let waiting = false;

  async function collectSoon(): Promise<void> {
    waiting = true;
    await settled();
    waiting = false;
    replaced = 0;
    collect();
  }

  return {
    served({ segments }) {
      for (const { bytes } of replacedEntries(kept, segments)) replaced += bytes;
      kept = segments;
      const all = segments.reduce((sum, { bytes }) => sum + bytes, 0);
      if (!waiting && replaced >= Math.max(replacedBytesMin, replacedShare * all)) void collectSoon();
    },
  };
}

const settle = (): Promise<void> => sleep(settleMs, undefined, { ref: false });
