// Keeps a worker's view up to date: watch, retrieve what is missing, verify, build aside, swap once. A snapshot that
// fails a check is refused; the old view stays, and it is tried again at the next look.

import { createView, emptyView, type View } from '#/search/view.ts';
import { decodeSegment, type Segment } from '#/snapshot/segment.ts';
import type { Manifest, SegmentEntry } from '#/snapshot/manifest.ts';
import type { SnapshotStore } from '#/store/store.ts';
import { messageOf } from '#/kit/errors.ts';

export interface RefresherDeps {
  readonly store: SnapshotStore;
  readonly swapped: (view: View) => void;
  readonly refused: (version: number, reason: string) => void;
}

export interface Refresher {
  /** The view to answer from. A request takes it once and never looks again. */
  readonly view: View;
  /** Serves what is current in the store, if it is newer and whole. Never throws. Not to be called while it runs. */
  refresh(): Promise<void>;
}

export function createRefresher({ store, swapped, refused }: RefresherDeps): Refresher {
  let view = emptyView;
  return {
    get view() {
      return view;
    },
    async refresh() {
      let version: number | null = null;
      try {
        version = await store.currentVersion();
        if (version === null || version <= view.version) return;
        const manifest = await store.retrieveManifest(version);
        view = await nextView(store, manifest, view);
        swapped(view);
      } catch (error) {
        refused(version ?? 0, messageOf(error));
      }
    },
  };
}

/** The view of a manifest; segments that the present view has already are shared with it. */
async function nextView(store: SnapshotStore, manifest: Manifest, present: View): Promise<View> {
  const segments = new Map<string, Segment>();
  for (const entry of manifest.segments) {
    segments.set(entry.hash, present.byHash.get(entry.hash) ?? (await retrieve(store, entry)));
  }
  return createView(manifest.version, segments);
}

async function retrieve(store: SnapshotStore, entry: SegmentEntry): Promise<Segment> {
  const segment = decodeSegment(await store.retrieveSegment(entry.hash));
  for (const field of ['events', 'minStart', 'maxStart', 'minEnd', 'maxEnd'] as const) {
    if (segment[field] !== entry[field])
      throw new Error(`Got segment ${entry.key} with ${field} ${segment[field]}, expected ${entry[field]}.`);
  }
  return segment;
}
