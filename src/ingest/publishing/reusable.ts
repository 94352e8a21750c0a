// Which segments of the last manifest a publish can reuse: those whose days have not changed, that the store still has, and that
// hold all that this version of Marquee puts into a segment.

import { isWholeCompanion } from '#/snapshot/companion/format.ts';
import { isCurrentSegment } from '#/snapshot/segment.ts';
import type { Manifest, SegmentEntry } from '#/snapshot/manifest.ts';
import type { Slice } from '#/snapshot/partition.ts';
import type { SnapshotStore } from '#/store/store.ts';

/** How stored segments are checked: not at all (`all` are trusted), by presence and size, or by reading their bytes. */
export type Trust = 'all' | 'presence' | 'bytes';

type Checked = Exclude<Trust, 'all'>;

export interface Reusable {
  /** By their keys. */
  readonly kept: ReadonlyMap<string, SegmentEntry>;
  /** Those of them whose companions are missing or damaged, as far as `look` finds that. */
  readonly bare: ReadonlySet<string>;
  /** The number of unchanged segments that are missing or damaged. */
  readonly mended: number;
}

/** `dirty`: the days that have changed since `base`, in ascending order. */
export async function reusable(
  store: SnapshotStore,
  base: Manifest | null,
  slices: readonly Slice[],
  dirty: readonly number[],
  look: Trust,
): Promise<Reusable> {
  const kept = unchanged(base?.segments ?? [], slices, dirty);
  const bare = new Set<string>();
  let mended = 0;
  if (look === 'all') return { kept, bare, mended };
  for (const [key, entry] of kept) {
    const state = await stateOf(store, entry, look);
    if (state !== 'whole') kept.delete(key);
    else if (!(await hasCompanion(store, entry, look))) bare.add(key);
    if (state === 'lost') mended++;
  }
  return { kept, bare, mended };
}

/** The entries of slices without a dirty day. All lists are in order of time. */
function unchanged(
  entries: readonly SegmentEntry[],
  slices: readonly Slice[],
  dirty: readonly number[],
): Map<string, SegmentEntry> {
  const byKey = new Map(entries.map((entry) => [entry.key, entry]));
  const kept = new Map<string, SegmentEntry>();
  let at = 0;
  for (const { key, fromDay, toDay } of slices) {
    while ((dirty[at] ?? Infinity) < fromDay) at++;
    const entry = byKey.get(key);
    if (entry !== undefined && (dirty[at] ?? Infinity) >= toDay) kept.set(key, entry);
  }
  return kept;
}

async function hasCompanion(store: SnapshotStore, { hash }: SegmentEntry, look: Checked): Promise<boolean> {
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
  look: Checked,
): Promise<'whole' | 'outdated' | 'lost'> {
  if (look === 'presence') return (await store.hasSegment(hash, bytes)) ? 'whole' : 'lost';
  const whole = await store.retrieveSegment(hash).catch(() => null);
  if (whole?.length !== bytes) return 'lost';
  return isCurrentSegment(whole) ? 'whole' : 'outdated';
}
