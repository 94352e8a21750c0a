// Keeps a worker's view up to date: it reads the store's target version, retrieves missing segments, verifies them, builds the
// new view, and swaps it in. If a snapshot fails a check, the old view stays, and the next refresh tries again.

import { emptyView, viewOf, type View } from '#/search/view.ts';
import { decodeSegment, type Segment } from '#/snapshot/segment.ts';
import { placesIn, type Manifest, type SegmentEntry } from '#/snapshot/manifest.ts';
import type { SnapshotStore, Target } from '#/store/store.ts';
import { messageOf } from '#/kit/errors.ts';

export interface RefresherDeps {
  readonly store: Pick<SnapshotStore, 'target' | 'retrieveManifest' | 'retrieveSegment'>;
  /** `before`: what was served until now; version 0 when nothing was. */
  readonly swapped: (view: View, manifest: Manifest, target: Target, before: Target) => void;
  readonly refused: (version: number, reason: string) => void;
}

export interface Refresher {
  /** The view to answer from. A request must read it once, and use that one to its end. */
  readonly view: View;
  /**
   * Serves the store's target version if it passes all checks; false when it was refused. Never throws. Must not be called
   * while it runs.
   */
  refresh(): Promise<boolean>;
}

/** Segments that are retrieved at the same time: enough to hide the latency of Redis, few enough to limit memory. */
const lanes = 8;

export function createRefresher({ store, swapped, refused }: RefresherDeps): Refresher {
  let view = emptyView;
  let served: Target = { version: 0, pinned: false };
  // Valid segments of a refused snapshot: the next refresh does not retrieve them again.
  const gathered = new Map<string, Segment>();
  return {
    get view() {
      return view;
    },
    async refresh() {
      let target: Target | null = null;
      try {
        target = await store.target();
        if (target === null || !isChange(target, served)) return true;
        const manifest = await store.retrieveManifest(target.version);
        view = await nextView(store, manifest, view, gathered);
        gathered.clear();
        const before = served;
        served = target;
        swapped(view, manifest, target, before);
        return true;
      } catch (error) {
        refused(target?.version ?? 0, messageOf(error));
        return false;
      }
    },
  };
}

/** Never goes back to an older version, unless an operator pinned it, or unpinned the one that is served. */
function isChange(target: Target, served: Target): boolean {
  if (target.pinned || served.pinned)
    return target.version !== served.version || target.pinned !== served.pinned;
  return target.version > served.version;
}

/**
 * Builds the view of a manifest; segments of the present view are reused. If segments cannot be retrieved, it throws the first
 * fault, and leaves the segments that were retrieved in `gathered`.
 */
async function nextView(
  store: RefresherDeps['store'],
  manifest: Manifest,
  present: View,
  gathered: Map<string, Segment>,
): Promise<View> {
  if (gathered.size > 0) {
    const named = new Set(manifest.segments.map(({ hash }) => hash));
    for (const hash of gathered.keys()) if (!named.has(hash)) gathered.delete(hash);
  }
  const segments = reusedIn(manifest.segments, present);
  const missing = manifest.segments
    .filter(({ hash }, i) => segments[i] === null && !gathered.has(hash))
    .values();
  const faults: unknown[] = [];
  const lane = async (): Promise<void> => {
    // Between two segments the worker answers requests.
    for (const entry of missing) {
      await retrieve(store, entry).then(
        (segment) => gathered.set(entry.hash, segment),
        (error: unknown) => faults.push(error),
      );
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  if (faults.length > 0) throw faults[0];
  const hashes = manifest.segments.map(({ hash }) => hash);
  const all = segments.map((segment, i) => segment ?? (gathered.get(hashes[i] as string) as Segment));
  return viewOf(manifest.version, hashes, all, manifest.origin ?? null);
}

/** The segment of each entry that `present` has; null for the others. Both in order of time. */
function reusedIn(entries: readonly SegmentEntry[], { hashes, segments }: View): (Segment | null)[] {
  const placeOf = placesIn(segments);
  return entries.map(({ hash, minStart }) => {
    const at = placeOf(minStart);
    return hashes[at] === hash ? (segments[at] ?? null) : null;
  });
}

async function retrieve(store: RefresherDeps['store'], entry: SegmentEntry): Promise<Segment> {
  const segment = decodeSegment(await store.retrieveSegment(entry.hash));
  for (const field of ['events', 'minStart', 'maxStart', 'minEnd', 'maxEnd'] as const) {
    if (segment[field] !== entry[field]) {
      throw new Error(`Got segment ${entry.key} with ${field} ${segment[field]}, expected ${entry[field]}.`);
    }
  }
  return segment;
}
