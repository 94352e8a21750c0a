// From the archive to a snapshot: what has changed is built, put, read back, and only then announced.

import type { Archive } from '#/archive/archive.ts';
import type { CatalogueReader } from '#/archive/catalogue.ts';
import type { BuildTask, BuiltSegment } from '#/snapshot/build.thread.ts';
import { eventsIn, type Manifest, type SegmentEntry } from '#/snapshot/manifest.ts';
import { partition, type Slice } from '#/snapshot/partition.ts';
import type { SnapshotStore } from '#/store/store.ts';

export type PublishOutcome =
  | { readonly kind: 'unchanged'; readonly version: number }
  | {
      readonly kind: 'published';
      readonly version: number;
      readonly events: number;
      readonly built: number;
      readonly reused: number;
    };

export interface PublisherDeps {
  readonly archive: Archive;
  readonly store: SnapshotStore;
  readonly build: (task: BuildTask) => Promise<BuiltSegment>;
  /** Segments that may be in the pool at once. */
  readonly buildAhead: number;
  readonly announce: (version: number) => void;
  readonly now: () => number;
}

export interface Publisher {
  /** Brings the snapshot up to what the archive holds. Not to be called while it runs. */
  publish(): Promise<PublishOutcome>;
  /** What was published last, as far as this publisher knows. */
  readonly version: number | null;
  /** Has the next publish look at every stored segment, by size or byte for byte, and build anew what is gone or broken. */
  distrust(look: 'presence' | 'bytes'): void;
}

export function createPublisher(deps: PublisherDeps): Publisher {
  const { archive, store } = deps;
  let counts: Map<number, number> | null = null;
  let last: Manifest | null = null;
  let trust: 'all' | 'presence' | 'bytes' = 'bytes';

  async function refreshCounts(
    catalogue: CatalogueReader,
    days: readonly number[],
  ): Promise<ReadonlyMap<number, number>> {
    if (counts === null) return (counts = await catalogue.dayCounts());
    const fresh = await catalogue.dayCounts(days);
    for (const day of days) counts.set(day, fresh.get(day) ?? 0);
    return counts;
  }

  /** Entries of the last manifest that can stand as they are. */
  async function reusable(
    base: Manifest | null,
    slices: readonly Slice[],
    dirty: readonly number[],
  ): Promise<Map<string, SegmentEntry>> {
    const entries = new Map((base?.segments ?? []).map((entry) => [entry.key, entry]));
    const kept = new Map<string, SegmentEntry>();
    for (const slice of slices) {
      const entry = entries.get(slice.key);
      if (entry === undefined || dirty.some((day) => day >= slice.fromDay && day < slice.toDay)) continue;
      if (trust === 'all' || (await isThere(entry))) kept.set(slice.key, entry);
    }
    return kept;
  }

  async function isThere({ hash, bytes }: SegmentEntry): Promise<boolean> {
    if (trust === 'presence') return store.hasSegment(hash, bytes);
    const whole = await store.retrieveSegment(hash).catch(() => null);
    return whole?.length === bytes;
  }

  async function buildAll(
    catalogue: CatalogueReader,
    slices: readonly Slice[],
  ): Promise<Map<string, SegmentEntry>> {
    const built = new Map<string, SegmentEntry>();
    const waiting = slices.values();
    // Each lane takes the next slice as soon as it is done with the last.
    const lane = async (): Promise<void> => {
      for (const slice of waiting) {
        const events = await catalogue.slice(slice.fromDay, slice.toDay);
        if (events.length === 0) continue;
        const { entry, bytes } = await deps.build({ key: slice.key, events });
        await store.putSegment(entry.hash, bytes);
        built.set(slice.key, entry);
      }
    };
    await Promise.all(Array.from({ length: deps.buildAhead }, lane));
    return built;
  }

  /** Gives how many events there are in it. */
  async function note(manifest: Manifest, seq: number): Promise<number> {
    const events = eventsIn(manifest);
    await archive.notePublished({ version: manifest.version, seq, at: deps.now(), events });
    return events;
  }

  return {
    get version() {
      return last?.version ?? null;
    },

    async publish() {
      last ??= await lastManifest(store);
      const noted = (await archive.lastPublished())?.version ?? 0;
      // A store that fell behind or ran ahead of the archive (a restored copy of either) is no base to build on. One
      // step ahead is fine: a publisher died before it could note what it had published.
      const base = last !== null && (last.version === noted || last.version === noted + 1) ? last : null;
      const cut = await archive.frozen(async (catalogue) => {
        // 1. What has changed since the last snapshot?
        const dirty = await catalogue.dirtyDays();
        const slices = partition(await refreshCounts(catalogue, dirty.days));
        // 2. Build what is new, in the thread pool
        const kept = await reusable(base, slices, dirty.days);
        const built = await buildAll(
          catalogue,
          slices.filter((slice) => !kept.has(slice.key)),
        );
        const segments = slices.flatMap((slice) => built.get(slice.key) ?? kept.get(slice.key) ?? []);
        return { seq: dirty.seq, segments, built: built.size, reused: kept.size };
      });
      trust = 'all';
      // 3. Nothing changed: that is an outcome too
      if (base !== null && sameSegments(base.segments, cut.segments)) {
        if (base.version > noted) await note(base, cut.seq);
        await archive.cleanDays(cut.seq);
        return { kind: 'unchanged', version: base.version };
      }
      // 4. Publish: segments are there, now the manifest, read back; the counter never goes back
      const before = Math.max(noted, (await store.currentVersion()) ?? 0, last?.version ?? 0);
      const manifest: Manifest = { version: before + 1, segments: cut.segments };
      await store.publish(manifest);
      last = manifest;
      const { version } = manifest;
      const events = await note(manifest, cut.seq);
      await archive.cleanDays(cut.seq);
      // 5. Announce
      deps.announce(version);
      await store.prune();
      return { kind: 'published', version, events, built: cut.built, reused: cut.reused };
    },

    distrust(look) {
      trust = trust === 'bytes' ? 'bytes' : look;
      last = null;
    },
  };
}

/** What the store serves at present; null when there is nothing, or nothing whole. */
async function lastManifest(store: SnapshotStore): Promise<Manifest | null> {
  const version = await store.currentVersion();
  return version === null ? null : store.retrieveManifest(version).catch(() => null);
}

const sameSegments = (a: readonly SegmentEntry[], b: readonly SegmentEntry[]): boolean =>
  a.length === b.length && a.every((entry, i) => entry.hash === b[i]?.hash);
