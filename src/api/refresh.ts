// Keeps a worker's view up to date: watch, retrieve what is missing, verify, build aside, swap once. A snapshot that
// fails a check is refused; the old view stays, and it is tried again at the next look.

import { createView, emptyView, type View } from '#/search/view.ts';
import { decodeSegment, type Segment } from '#/snapshot/segment.ts';
import type { Manifest, SegmentEntry } from '#/snapshot/manifest.ts';
import type { SnapshotStore, Target } from '#/store/store.ts';
import { messageOf } from '#/kit/errors.ts';

export interface RefresherDeps {
  readonly store: Pick<SnapshotStore, 'target' | 'retrieveManifest' | 'retrieveSegment'>;
  readonly swapped: (view: View, manifest: Manifest, target: Target) => void;
  readonly refused: (version: number, reason: string) => void;
}

export interface Refresher {
  /** The view to answer from. A request takes it once and never looks again. */
  readonly view: View;
  /**
   * Serves what the store says is to be served, if it is whole; false when it was refused. Never throws. Not to be called
   * while it runs.
   */
  refresh(): Promise<boolean>;
}

/** Segments that are retrieved at once: enough to hide the way to Redis, few enough to hold little twice. */
const lanes = 8;

export function createRefresher({ store, swapped, refused }: RefresherDeps): Refresher {
  let view = emptyView;
  let served: Target = { version: 0, pinned: false };
  // What was whole of a snapshot that was refused: it is not retrieved again at the next look.
  const gathered = new Map<string, Segment>();
  return {
    get view() {
      return view;
    },
    async refresh() {
      let target: Target | null = null;
      try {
        target = await store.target();
        if (target === null || !isNews(target, served)) return true;
        const manifest = await store.retrieveManifest(target.version);
        view = await nextView(store, manifest, view, gathered);
        gathered.clear();
        served = target;
        swapped(view, manifest, target);
        return true;
      } catch (error) {
        refused(target?.version ?? 0, messageOf(error));
        return false;
      }
    },
  };
}

/** Never back to an older version, unless an operator pinned it, or unpinned the one that is served. */
function isNews(target: Target, served: Target): boolean {
  if (target.pinned || served.pinned)
    return target.version !== served.version || target.pinned !== served.pinned;
  return target.version > served.version;
}

/**
 * The view of a manifest; segments that the present view has already are shared with it. When some cannot be had it throws
 * for the first of them, and leaves all others in `gathered`.
 */
async function nextView(
  store: RefresherDeps['store'],
  manifest: Manifest,
  present: View,
  gathered: Map<string, Segment>,
): Promise<View> {
  const named = new Set(manifest.segments.map(({ hash }) => hash));
  for (const hash of gathered.keys()) if (!named.has(hash)) gathered.delete(hash);
  const missing = manifest.segments
    .filter(({ hash }) => !present.byHash.has(hash) && !gathered.has(hash))
    .values();
  const faults: unknown[] = [];
  const lane = async (): Promise<void> => {
    // Between two segments, requests are answered.
    for (const entry of missing) {
      await retrieve(store, entry).then(
        (segment) => gathered.set(entry.hash, segment),
        (error: unknown) => faults.push(error),
      );
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  if (faults.length > 0) throw faults[0];
  const segments = new Map(
    manifest.segments.map(({ hash }) => [hash, present.byHash.get(hash) ?? gathered.get(hash)]),
  );
  return createView(manifest.version, segments as ReadonlyMap<string, Segment>);
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
