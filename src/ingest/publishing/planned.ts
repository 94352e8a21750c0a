// What a publish builds: the changed slices, and the companions that are missing. In a first load each interim version rebuilds all
// segments; companions are built once, at the end of the run.

import type { Manifest, SegmentEntry } from '#/snapshot/manifest.ts';
import type { Slice } from '#/snapshot/partition.ts';
import type { Reusable } from './reusable.ts';

export interface Planned {
  readonly slice: Slice;
  /** The segment when it is stored, and only its companion is built. */
  readonly stored: SegmentEntry | null;
  readonly withCompanion: boolean;
}

/** `bare`: the names of segments without a companion; those that `reused` reports are added. */
export function planned(
  slices: readonly Slice[],
  base: Manifest | null,
  reused: Reusable,
  bare: Set<string>,
  isInterim: boolean,
): Planned[] {
  for (const key of reused.bare) bare.add(reused.kept.get(key)?.hash ?? '');
  const plan: Planned[] = [];
  const changed = new Set(slices.flatMap(({ key }) => (reused.kept.has(key) ? [] : [key])));
  const before = new Map<string, string>();
  for (const { key, hash } of base?.segments ?? []) if (changed.has(key)) before.set(key, hash);
  for (const slice of slices) {
    const kept = reused.kept.get(slice.key);
    if (kept === undefined) {
      // A slice that had a companion keeps one: its events must be found with their zones also while a run lasts.
      const old = before.get(slice.key);
      const hadCompanion = old !== undefined && !bare.has(old);
      plan.push({ slice, stored: null, withCompanion: !isInterim || hadCompanion });
    } else if (!isInterim && bare.has(kept.hash)) plan.push({ slice, stored: kept, withCompanion: true });
  }
  return plan;
}
