// A dry run of the kept bodies: what would differ from the archive if they were read by this version, with these settings. What is
// replayed goes to a directory of its own, which is removed.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEvents } from '#/archive/history/events.ts';
import type { BodyEntry } from '#/provider/bodies/entry.ts';
import { differences, type Difference } from './compare.ts';
import { archiveIn, replayRuns, type ReplayDeps } from './replay.ts';

export interface DryRun {
  /** `archiveUrl`: what to compare with; it is only read. */
  readonly archiveUrl: string;
  readonly differs: (difference: Difference) => void;
}

/** Throws when an archive cannot be read. */
export async function dryRun(
  directory: string,
  entries: readonly BodyEntry[],
  deps: ReplayDeps,
  { archiveUrl, differs }: DryRun,
): Promise<void> {
  const into = await mkdtemp(join(tmpdir(), 'marquee-replay-'));
  const known = await openEvents(archiveUrl);
  try {
    // Before the replay, which may take long: an archive that cannot be read is reported at once.
    await known.page('ffffffff-ffff-ffff-ffff-ffffffffffff');
    await replayRuns(directory, entries, into, deps, () => Promise.resolve());
    const replayed = await openEvents(archiveIn(into));
    try {
      for await (const difference of differences(known, replayed)) differs(difference);
    } finally {
      await replayed.close();
    }
  } finally {
    await known.close();
    await rm(into, { recursive: true, force: true });
  }
}
