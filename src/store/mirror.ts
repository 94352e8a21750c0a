// The last good snapshot of a host on its own disk, in front of the shared store. With it a host starts without Redis, and reads
// from Redis only the segments that it does not have.

import pLimit from 'p-limit';
import { messageOf } from '#/kit/errors.ts';
import type { Manifest } from '#/snapshot/manifest.ts';
import { createCompanionCopies, type CompanionCopiesOptions } from './companion-copies.ts';
import type { LocalStore } from './local.ts';
import type { SnapshotStore, Target } from './store.ts';

export interface Mirror extends Pick<
  SnapshotStore,
  'target' | 'polls' | 'retrieveManifest' | 'retrieveSegment' | 'readCompanion' | 'requestVerification'
> {
  /** True while the shared store is unavailable or empty: the served snapshot may be old. */
  readonly stale: boolean;
  /** Whether the shared store has ever answered. Until then, an empty view does not mean an empty catalogue. */
  readonly answered: boolean;
  /** The error of the last request to the shared store; null when it succeeded. */
  readonly trouble: string | null;
  /** Stores the snapshot that is served now. A failure is reported to `failed`; serving continues. */
  keep(manifest: Manifest, pinned: boolean): Promise<void>;
}

/** A segment on its way to the disk. */
interface Write {
  /** Null when it is no longer needed. */
  bytes: Uint8Array | null;
  done: Promise<void>;
}

/** After this many refusals of the shared store's snapshot, a starting worker uses the one on the disk. */
const startTries = 4;

/** Segments written at the same time. Waiting ones take no extra memory, since the view shares their bytes. */
const writesMax = 4;

/** How often unneeded files are removed from the disk. A large catalogue may have a new version each second. */
const pruneEveryMs = 60_000;

/** `now` returns milliseconds of a monotonic clock. `failed` receives errors of writes to the disk. */
export function createMirror(
  remote: SnapshotStore,
  disk: LocalStore,
  now: () => number,
  failed: (error: unknown) => void,
  copying: Pick<CompanionCopiesOptions, 'everyMs' | 'bytesMax'> = {},
): Mirror {
  let stale = false;
  let answered = false;
  let trouble: string | null = null;
  let served: Target | null = null;
  let keeping: Promise<void> = Promise.resolve();
  let prunedAt = -Infinity;
  let verificationRequests = 0;
  const limit = pLimit(writesMax);
  const writing = new Map<string, Write>();
  // Segments found on the disk since it was last pruned.
  const whole = new Set<string>();

  const companions = createCompanionCopies({ remote, disk, isAway: () => stale, failed, ...copying });

  return {
    get stale() {
      return stale;
    },
    get answered() {
      return answered;
    },
    get trouble() {
      return trouble;
    },

    async target() {
      const target = await reached().catch(() => null);
      stale = target === null || (served === null && (await isBehind(target)));
      if (!stale)
        return served === null && verificationRequests >= startTries
          ? ((await disk.target()) ?? target)
          : target;
      // The served snapshot stays, pinned or not, even if the disk has only a part of it.
      return served ?? disk.target();
    },

    polls: () => remote.polls(),

    async retrieveManifest(version) {
      if (stale) return disk.retrieveManifest(version);
      try {
        return await remote.retrieveManifest(version);
      } catch (error) {
        const kept = await disk.retrieveManifest(version).catch(() => null);
        if (kept === null) throw error;
        return kept;
      }
    },

    async retrieveSegment(hash) {
      const kept = await disk.retrieveSegment(hash).catch(() => null);
      if (kept !== null) return kept;
      const bytes = await remote.retrieveSegment(hash);
      write(hash, bytes);
      return bytes;
    },

    readCompanion: (hash, from, length) => companions.read(hash, from, length),

    requestVerification() {
      verificationRequests++;
      companions.suspect();
      return remote.requestVerification();
    },

    keep(manifest, pinned) {
      const target = { version: manifest.version, pinned };
      served = target;
      companions.keep(manifest);
      // A disk that is slower than the changes does not keep the segments of replaced versions in memory.
      const named = new Set(manifest.segments.map(({ hash }) => hash));
      for (const [hash, waiting] of writing) if (!named.has(hash)) waiting.bytes = null;
      // One at a time. A snapshot that is no longer served when its turn comes is not stored.
      keeping = keeping.then(() => (served === target ? put(manifest, pinned).catch(failed) : undefined));
      return keeping;
    },
  };

  /** Serving does not wait for the disk: the segment is written while it is being decoded. */
  function write(hash: string, bytes: Uint8Array): void {
    const one: Write = { bytes, done: Promise.resolve() };
    one.done = limit(async () => {
      if (one.bytes !== null) await disk.putSegment(hash, one.bytes);
    })
      .catch(failed)
      .finally(() => writing.delete(hash));
    writing.set(hash, one);
  }

  async function reached(): Promise<Target | null> {
    try {
      const target = await remote.target();
      answered = true;
      trouble = null;
      return target;
    } catch (error) {
      trouble = messageOf(error);
      throw error;
    }
  }

  /** True when the shared store was restored from an older copy. This host then continues with its own newer version. */
  async function isBehind({ version, pinned }: Target): Promise<boolean> {
    return !pinned && ((await disk.currentVersion()) ?? 0) > version;
  }

  /** The workers of a host share the disk: another one may have kept the version meanwhile, or a newer one. */
  async function publishUnlessKept(manifest: Manifest): Promise<void> {
    try {
      await disk.publish(manifest);
    } catch (error) {
      if (((await disk.currentVersion()) ?? 0) < manifest.version) throw error;
    }
  }

  async function put(manifest: Manifest, pinned: boolean): Promise<void> {
    const { version, segments } = manifest;
    // `current` on the disk moves only to a complete snapshot. The disk may have been full, or have lost a file.
    for (const { hash, bytes } of segments) {
      if (whole.has(hash)) continue;
      await writing.get(hash)?.done;
      if (!(await disk.hasSegment(hash, bytes)))
        await disk.putSegment(hash, await remote.retrieveSegment(hash));
      whole.add(hash);
    }
    const current = (await disk.currentVersion()) ?? 0;
    if (version > current) await publishUnlessKept(manifest);
    if (version < current) await disk.putManifest(manifest);
    if (pinned) await disk.pin(version);
    else await disk.unpin();
    if (now() - prunedAt < pruneEveryMs) return;
    await disk.prune();
    whole.clear();
    prunedAt = now();
  }
}
