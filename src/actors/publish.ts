// From the archive to a snapshot: what has changed is built, put, read back, and only then announced.

import type { Archive } from '#/archive/archive.ts';
import type { CatalogueReader } from '#/archive/catalogue.ts';
import type { BuildTask, BuiltSegment } from '#/snapshot/build.thread.ts';
import { eventsIn, type Manifest, type SegmentEntry } from '#/snapshot/manifest.ts';
import { partition, type Slice } from '#/snapshot/partition.ts';
import type { SnapshotStore } from '#/store/store.ts';
import { covers, findReference, isFewer, isOwn, prove, type Held, type Shelf } from './vouch.ts';

/** How much of what is stored is taken on trust. */
export type Trust = 'all' | 'presence' | 'bytes';

interface Looked {
  /** How the stored segments were looked at. */
  readonly look: Trust;
  /** Those that were gone or broken, and were built anew. */
  readonly mended: number;
}

export type PublishOutcome = Looked &
  (
    | { readonly kind: 'unchanged'; readonly version: number }
    | {
        readonly kind: 'published';
        readonly version: number;
        readonly events: number;
        readonly built: number;
        /** Events in the segments that were built. */
        readonly rebuilt: number;
        readonly reused: number;
      }
    /** The archive cannot vouch for what it has: the published catalogue stays. */
    | { readonly kind: 'held'; readonly version: number; readonly held: Held }
  );

export interface PublisherDeps {
  readonly archive: Archive;
  readonly store: SnapshotStore;
  /** The last good snapshot on this host's own disk, where the store is another one. */
  readonly mirror: Shelf | null;
  readonly build: (task: BuildTask) => Promise<BuiltSegment>;
  /** Segments that may be in the pool at once. */
  readonly buildAhead: number;
  readonly announce: (version: number) => void;
  readonly now: () => number;
}

export interface Publisher {
  /** Brings the snapshot up to what the archive holds. Not to be called while it runs. */
  publish(): Promise<PublishOutcome>;
  /** What was published last, and is to be found in the store; null while that is not known. */
  readonly version: number | null;
  /** Has the next publish look at every stored segment, by size or byte for byte, and build anew what is gone or broken. */
  distrust(look: 'presence' | 'bytes'): void;
  /** Has the next publish go through although the events that are held for are missing. Gives them; null when nothing is held. */
  approve(): Held | null;
}

export function createPublisher(deps: PublisherDeps): Publisher {
  const { archive, store } = deps;
  let counts: Map<number, number> | null = null;
  let last: Manifest | null = null;
  let trust: Trust = 'bytes';
  let publishing = false;
  let held: Held | null = null;
  let approved: Held | null = null;
  const shelves: readonly Shelf[] = [store, ...(deps.mirror === null ? [] : [deps.mirror])];

  async function refreshCounts(
    catalogue: CatalogueReader,
    days: readonly number[],
  ): Promise<ReadonlyMap<number, number>> {
    if (counts === null) return (counts = await catalogue.dayCounts());
    const fresh = await catalogue.dayCounts(days);
    for (const day of days) counts.set(day, fresh.get(day) ?? 0);
    return counts;
  }

  /** Entries of the last manifest that can stand as they are, and how many could not although nothing has changed. */
  async function reusable(
    base: Manifest | null,
    slices: readonly Slice[],
    dirty: readonly number[],
    look: Trust,
  ): Promise<{ kept: Map<string, SegmentEntry>; mended: number }> {
    const entries = new Map((base?.segments ?? []).map((entry) => [entry.key, entry]));
    const kept = new Map<string, SegmentEntry>();
    let mended = 0;
    for (const slice of slices) {
      const entry = entries.get(slice.key);
      if (entry === undefined || dirty.some((day) => day >= slice.fromDay && day < slice.toDay)) continue;
      if (await isThere(entry, look)) kept.set(slice.key, entry);
      else mended++;
    }
    return { kept, mended };
  }

  async function isThere({ hash, bytes }: SegmentEntry, look: Trust): Promise<boolean> {
    if (look === 'all') return true;
    if (look === 'presence') return store.hasSegment(hash, bytes);
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

  async function publishNow(look: Trust): Promise<PublishOutcome> {
    // 1. May this archive replace what is published? What was published from here, it may.
    const reference =
      look === 'all' && last !== null
        ? { version: last.version, manifest: last }
        : await findReference(shelves);
    const own = reference === null || reference.manifest === last || (await isOwn(reference, archive));
    let lack = own ? null : await prove(reference, archive, shelves);
    if (lack !== null && !covers(approved, lack)) return hold(lack, look);
    const stored = look === 'all' ? last : await lastManifest(store);
    const { version: noted, seq } = (await archive.lastPublished()) ?? { version: 0, seq: 0 };
    const given = await archive.lastVersion();
    // What fell behind or ran ahead of the archive (a restored copy of either) is no base to build on. The number that was
    // given last is fine: a publisher failed before it could note what it had published, and nobody has cleaned a day
    // since. Of those between the two the archive does not know what they were. What was published from here is known
    // best, also when the store has lost its manifest. A version of another archive may have the same number.
    const fits = ({ version, origin }: Manifest): boolean =>
      (version === noted || version === given) && (own || origin === undefined);
    const base = [last, stored].find((one) => one !== null && fits(one)) ?? null;
    const cut = await archive.frozen(async (catalogue) => {
      // 2. What has changed since the last snapshot?
      const dirty = await catalogue.dirtyDays();
      const slices = partition(await refreshCounts(catalogue, dirty.days));
      // 3. Build what is new, in the thread pool
      const { kept, mended } = await reusable(base, slices, dirty.days, look);
      const built = await buildAll(
        catalogue,
        slices.filter((slice) => !kept.has(slice.key)),
      );
      const segments = slices.flatMap((slice) => built.get(slice.key) ?? kept.get(slice.key) ?? []);
      const rebuilt = eventsIn({ segments: [...built.values()] });
      return { seq: dirty.seq, segments, built: built.size, rebuilt, reused: kept.size, mended };
    });
    const total = cut.segments.reduce((sum, { events: some }) => sum + some, 0);
    if (own && reference !== null && isFewer(reference, total)) {
      lack = await prove(reference, archive, shelves);
      if (lack !== null && !covers(approved, lack)) return hold(lack, look);
    }
    // 4. Nothing changed: that is an outcome too, unless a later number was given, which a worker may show
    const { built, rebuilt, reused, mended } = cut;
    const isNewest = stored !== null && own && fits(stored) && stored.version >= given;
    if (isNewest && sameSegments(stored.segments, cut.segments)) {
      last = stored;
      if (stored.version > noted) await note(stored, cut.seq);
      await archive.cleanDays(cut.seq);
      return { kind: 'unchanged', version: stored.version, look, mended };
    }
    // 5. Publish: segments are there, now the manifest under a number of its own, read back
    const before = Math.max(
      noted,
      (await store.currentVersion()) ?? 0,
      last?.version ?? 0,
      reference?.version ?? 0,
    );
    const { version, stamp } = await archive.nextVersion(before);
    const origin = { archive: await archive.identity(), seq: Math.max(cut.seq, seq), stamp };
    const manifest: Manifest = { version, segments: cut.segments, origin };
    await store.publish(manifest);
    last = manifest;
    held = null;
    approved = null;
    const events = await note(manifest, cut.seq);
    await archive.cleanDays(cut.seq);
    // 6. Announce
    deps.announce(version);
    await store.prune();
    return { kind: 'published', version, events, built, rebuilt, reused, look, mended };
  }

  /** The next publish looks again, from the beginning. */
  function hold(lack: Held, look: Trust): PublishOutcome {
    held = lack;
    trust = less(trust, 'presence');
    return { kind: 'held', version: lack.version, held: lack, look, mended: 0 };
  }

  return {
    get version() {
      return publishing || trust !== 'all' ? null : (last?.version ?? null);
    },

    async publish() {
      // Doubts that come while it runs are for the next one.
      const look = trust;
      trust = 'all';
      publishing = true;
      try {
        return await publishNow(look);
      } catch (error) {
        trust = less(trust, look);
        throw error;
      } finally {
        publishing = false;
      }
    },

    approve() {
      approved = held;
      return held;
    },

    distrust(look) {
      trust = less(trust, look);
    },
  };
}

const less = (a: Trust, b: Trust): Trust =>
  a === 'bytes' || b === 'bytes' ? 'bytes' : a === 'presence' || b === 'presence' ? 'presence' : 'all';

/** What the store serves at present; null when there is nothing, or nothing whole. */
async function lastManifest(store: SnapshotStore): Promise<Manifest | null> {
  const version = await store.currentVersion();
  return version === null ? null : store.retrieveManifest(version).catch(() => null);
}

const sameSegments = (a: readonly SegmentEntry[], b: readonly SegmentEntry[]): boolean =>
  a.length === b.length && a.every((entry, i) => entry.hash === b[i]?.hash);
