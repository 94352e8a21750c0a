// Publishes the archive as a snapshot: changed segments are built and stored; the manifest is published, read back and announced.

import type { Archive } from '#/archive/archive.ts';
import type { CatalogueReader } from '#/archive/catalogue.ts';
import { rowCount } from '#/domain/packed/texts.ts';
import { release } from '#/kit/machine/release.ts';
import { createWeightedLimit } from '#/kit/weighted-limit.ts';
import { eventsIn, type Manifest, type SegmentEntry } from '#/snapshot/manifest.ts';
import type { SnapshotStore } from '#/store/store.ts';
import { covers, findMissing, findReference, isFewer, isOwn, type Shelf } from './archive-verification.ts';
import type { HeldPublish } from '#/actor/messages.ts';
import type { Build } from './build.ts';
import { createDivision } from './division.ts';
import { planned, type Planned } from './planned.ts';
import { reusable, type Trust } from './reusable.ts';

interface Looked {
  /** How the stored segments were checked. */
  readonly look: Trust;
  /** The number of segments that were missing or damaged, and were built again. */
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
    /** The archive lacks published events: the published catalogue stays. */
    | { readonly kind: 'held'; readonly version: number; readonly held: HeldPublish }
  );

export interface PublisherDeps {
  readonly archive: Archive;
  readonly store: SnapshotStore;
  /** The last good snapshot on this host's disk; null when the store itself is on the disk. */
  readonly mirror: Shelf | null;
  readonly build: Build;
  /** The most segments in the pool at the same time. */
  readonly buildAhead: number;
  readonly announce: (version: number) => void;
  /** The version is published, but older ones could not be removed: the next publish removes them. */
  readonly notPruned: (error: unknown) => void;
  readonly now: () => number;
}

export interface Publisher {
  /**
   * Publishes the current state of the archive. Must not be called while it runs. `isInterim`: the feed run continues. Segments that
   * have no companion then get none, so that a first load does not build them several times. `polledAt`: when the provider was
   * polled whose changes it publishes, in milliseconds since 1970; null when no poll is known.
   */
  publish(isInterim?: boolean, polledAt?: number | null): Promise<PublishOutcome>;
  /** The version that was published last and must be in the store; null while that is unknown. */
  readonly version: number | null;
  /** Makes the next publish check every stored segment, by size or byte for byte, and repair those missing or damaged. */
  requestCheck(look: 'presence' | 'bytes'): void;
  /** Lets the next publish proceed without the missing events. Returns what was held; null when nothing is. */
  approve(): HeldPublish | null;
}

/** Of all slices that are read and built at the same time. A day of more events, which is one slice, is built alone. */
const eventsAtATime = 32_768;

export function createPublisher(deps: PublisherDeps): Publisher {
  const { archive, store } = deps;
  const limit = createWeightedLimit(eventsAtATime);
  const division = createDivision();
  /** The segments without a companion, as far as this publisher knows. */
  const bare = new Set<string>();
  let last: Manifest | null = null;
  let trust: Trust = 'bytes';
  let publishing = false;
  let held: HeldPublish | null = null;
  let approved: HeldPublish | null = null;
  const shelves: readonly Shelf[] = [store, ...(deps.mirror === null ? [] : [deps.mirror])];

  async function buildAll(
    catalogue: CatalogueReader,
    slices: readonly Planned[],
  ): Promise<Map<string, SegmentEntry>> {
    const built = new Map<string, SegmentEntry>();
    const waiting = slices.values();
    async function buildOne({ slice, stored, withCompanion }: Planned): Promise<void> {
      const packed = await catalogue.slice(slice.fromDay, slice.toDay, withCompanion);
      if (rowCount(packed.rows) === 0) return;
      const { entry, bytes, companion } = await deps.build({ key: slice.key, slice: packed, stored });
      if (bytes !== null) {
        await store.putSegment(entry.hash, bytes);
        release(bytes);
      }
      if (companion === null) bare.add(entry.hash);
      else {
        await store.putCompanion(entry.hash, companion);
        release(companion);
        bare.delete(entry.hash);
      }
      if (stored === null) built.set(slice.key, entry);
    }
    // Each lane takes the next slice as soon as it has built the last.
    const lane = async (): Promise<void> => {
      for (const one of waiting) await limit(one.slice.events, () => buildOne(one));
    };
    await Promise.all(Array.from({ length: deps.buildAhead }, lane));
    return built;
  }

  /** Records the version in the archive. Returns its number of events. */
  async function record(manifest: Manifest, seq: number): Promise<number> {
    const events = eventsIn(manifest);
    await archive.notePublished({ version: manifest.version, seq, at: deps.now(), events });
    return events;
  }

  async function publishNow(
    look: Trust,
    isInterim: boolean,
    polledAt: number | null,
  ): Promise<PublishOutcome> {
    // 1. May this archive replace the published catalogue? It may if it published that itself
    const reference =
      look === 'all' && last !== null
        ? { version: last.version, manifest: last }
        : await findReference(shelves);
    const own = reference === null || reference.manifest === last || (await isOwn(reference, archive));
    let gap = own ? null : await findMissing(reference, archive, shelves);
    if (gap !== null && !covers(approved, gap)) return hold(gap, look);
    const stored = look === 'all' ? last : await lastManifest(store);
    const { version: noted, seq } = (await archive.lastPublished()) ?? { version: 0, seq: 0 };
    const lastGiven = await archive.lastVersion();
    // A manifest is a base to build on if its version is the one recorded last or the one assigned last: with the latter, a publisher
    // failed before it recorded the version, and its days are still dirty. Any other version comes from a restored copy. The one
    // in memory comes first: the store may have lost it. Another archive may have assigned the same number, hence the origin.
    const fits = ({ version, origin }: Manifest): boolean =>
      (version === noted || version === lastGiven) && (own || origin === undefined);
    const base = [last, stored].find((one) => one !== null && fits(one)) ?? null;
    const cut = await archive.frozen(async (catalogue) => {
      // 2. Which days have changed since the last snapshot?
      const dirty = await catalogue.dirtyDays();
      const slices = await division.now(catalogue, dirty.days);
      // 3. Build the changed segments in the thread pool
      const reused = await reusable(store, base, slices, dirty.days, look);
      const { kept, mended } = reused;
      const built = await buildAll(catalogue, planned(slices, base, reused, bare, isInterim));
      const segments = slices.flatMap((slice) => built.get(slice.key) ?? kept.get(slice.key) ?? []);
      const rebuilt = eventsIn({ segments: [...built.values()] });
      return { dirty, seq: dirty.seq, segments, built: built.size, rebuilt, reused: kept.size, mended };
    });
    const total = cut.segments.reduce((sum, { events: some }) => sum + some, 0);
    if (own && reference !== null && isFewer(reference, total)) {
      gap = await findMissing(reference, archive, shelves);
      if (gap !== null && !covers(approved, gap)) return hold(gap, look);
    }
    // 4. Nothing changed: publish nothing, unless a later number was assigned, since a worker may serve that version
    const { built, rebuilt, reused, mended } = cut;
    const isNewest = stored !== null && own && fits(stored) && stored.version >= lastGiven;
    if (isNewest && sameSegments(stored.segments, cut.segments)) {
      last = stored;
      if (stored.version > noted) await record(stored, cut.seq);
      await archive.cleanDays(cut.dirty);
      return { kind: 'unchanged', version: stored.version, look, mended };
    }
    // 5. Publish: the segments are stored; now store the manifest under a new number, and read it back
    const current = (await store.currentVersion()) ?? 0;
    const before = Math.max(noted, current, last?.version ?? 0, reference?.version ?? 0);
    const { version, stamp } = await archive.nextVersion(before);
    const origin = { archive: await archive.identity(), seq: Math.max(cut.seq, seq), stamp };
    const manifest: Manifest = { version, segments: cut.segments, origin };
    await store.publish(manifest, polledAt);
    last = manifest;
    for (const hash of bare) if (!manifest.segments.some((entry) => entry.hash === hash)) bare.delete(hash);
    held = null;
    approved = null;
    const events = await record(manifest, cut.seq);
    await archive.cleanDays(cut.dirty);
    // 6. Announce
    deps.announce(version);
    await store.prune().catch(deps.notPruned);
    return { kind: 'published', version, events, built, rebuilt, reused, look, mended };
  }

  /** The next publish compares the archive with the store again. */
  function hold(gap: HeldPublish, look: Trust): PublishOutcome {
    held = gap;
    trust = less(trust, 'presence');
    return { kind: 'held', version: gap.version, held: gap, look, mended: 0 };
  }

  return {
    get version() {
      return publishing || trust !== 'all' ? null : (last?.version ?? null);
    },

    async publish(isInterim = false, polledAt = null) {
      // Checks that are requested during this publish apply to the next one.
      const look = trust;
      trust = 'all';
      publishing = true;
      try {
        return await publishNow(look, isInterim, polledAt);
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

    requestCheck(look) {
      trust = less(trust, look);
    },
  };
}

const less = (a: Trust, b: Trust): Trust =>
  a === 'bytes' || b === 'bytes' ? 'bytes' : a === 'presence' || b === 'presence' ? 'presence' : 'all';

/** The store's current manifest; null when there is none, or when it cannot be read. */
async function lastManifest(store: SnapshotStore): Promise<Manifest | null> {
  const version = await store.currentVersion();
  return version === null ? null : store.retrieveManifest(version).catch(() => null);
}

const sameSegments = (a: readonly SegmentEntry[], b: readonly SegmentEntry[]): boolean =>
  a.length === b.length && a.every((entry, i) => entry.hash === b[i]?.hash);
