// Which segments of the last manifest a publish can reuse: those whose days have not changed, that the store still has, and that
// hold all that this version of Marquee puts into a segment.

import { isWholeCompanion } from '#/snapshot/companion/format.ts';
import { isCurrentSegment } from '#/snapshot/segment.ts';
import type { Manifest, SegmentEntry } from '#/snapshot/manifest.ts';
import type { Slice } from '#/snapshot/partition.ts';
import type { SnapshotStore } from '#/store/store.ts';

/** How stored segments are checked: not at all (`all` are trusted), by presence and size, or by reading their bytes. */
export type Trust = 'all' | 'presence' | 'bytes';

export interface Reusable {
  /** By their keys. */
  readonly kept: ReadonlyMap<string, SegmentEntry>;
  /** Those of them whose companions are missing or damaged, as far as `look` finds that. */
  readonly bare: ReadonlySet<string>;
  /** The number of unchanged segments that are missing or damaged. */
  readonly mended: number;
}

/** `dirty`: the days that have changed since `base`. */
export async function reusable(
  store: SnapshotStore,
  base: Manifest | null,
  slices: readonly Slice[],
  dirty: readonly number[],
  look: Trust,
): Promise<Reusable> {
  const entries = new Map((base?.segments ?? []).map((entry) => [entry.key, entry]));
  const kept = new Map<string, SegmentEntry>();
  const bare = new Set<string>();
  let mended = 0;
  for (const slice of slices) {
    const entry = entries.get(slice.key);
    if (entry === undefined || dirty.some((day) => day >= slice.fromDay && day < slice.toDay)) continue;
    const state = await stateOf(store, entry, look);
    if (state === 'whole') kept.set(slice.key, entry);
    if (state === 'whole' && !(await hasCompanion(store, entry, look))) bare.add(slice.key);
    if (state === 'lost') mended++;
  }
  return { kept, bare, mended };
}

async function hasCompanion(store: SnapshotStore, { hash }: SegmentEntry, look: Trust): Promise<boolean> {
  if (look === 'all') return true;
  if (look === 'presence') return store.hasCompanion(hash);
  const whole = await store.readCompanion(hash, 0, companionBytesMax).catch(() => null);
  return whole !== null && isWholeCompanion(whole, hash);
}

/** Redis has no larger values. */
const companionBytesMax = 512_000_000;

/** `outdated`: an earlier version of Marquee made it, without the sections that `/events` needs. It is built again once. */
async function stateOf(
  store: SnapshotStore,
  { hash, bytes }: SegmentEntry,
  look: Trust,
): Promise<'whole' | 'outdated' | 'lost'> {
  if (look === 'all') return 'whole';
  if (look === 'presence') return (await store.hasSegment(hash, bytes)) ? 'whole' : 'lost';
  const whole = await store.retrieveSegment(hash).catch(() => null);
  if (whole?.length !== bytes) return 'lost';
  return isCurrentSegment(whole) ? 'whole' : 'outdated';
}
