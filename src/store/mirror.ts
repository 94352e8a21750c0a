// A host's last good snapshot on its own disk, in front of the store of all hosts: it starts without Redis, and asks
// Redis only for what it has not got.

import pLimit from 'p-limit';
import { messageOf } from '#/kit/errors.ts';
import type { Manifest } from '#/snapshot/manifest.ts';
import type { LocalStore } from './local.ts';
import type { SnapshotStore, Target } from './store.ts';

export interface Mirror extends Pick<
  SnapshotStore,
  'target' | 'retrieveManifest' | 'retrieveSegment' | 'requestVerification'
> {
  /** True while the store of all hosts is away, or has nothing: what is served may be old. */
  readonly stale: boolean;
  /** Whether the store of all hosts was ever reached: until then, having nothing means nothing. */
  readonly answered: boolean;
  /** Why the store of all hosts did not answer when it was asked last; null when it did. */
  readonly trouble: string | null;
  /** Keeps what is served now; best effort, since serving goes on without. */
  keep(manifest: Manifest, pinned: boolean): Promise<void>;
}

/** A worker that starts is refused this often what the store of all hosts has, before it makes do with the disk. */
const startTries = 4;

/** Segments that are written at once. Those that wait cost no memory: the view is made of the same bytes. */
const writesMax = 4;

/** What the disk no longer needs is let go this often: a large catalogue may have a new version each second. */
const pruneEveryMs = 60_000;

/** `now` in milliseconds, of a clock that never goes back. `failed` hears of what could not be kept. */
export function createMirror(
  remote: SnapshotStore,
  disk: LocalStore,
  now: () => number,
  failed: (error: unknown) => void,
): Mirror {
  let stale = false;
  let answered = false;
  let trouble: string | null = null;
  let served: Target | null = null;
  let keeping: Promise<void> = Promise.resolve();
  let prunedAt = -Infinity;
  let verificationRequests = 0;
  const limit = pLimit(writesMax);
  const writing = new Map<string, Promise<void>>();
  // Segments that were found on the disk since it was pruned last.
  const whole = new Set<string>();

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
      // What is served stays, pinned or not, whatever the disk could keep of it.
      return served ?? disk.target();
    },

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

    requestVerification() {
      verificationRequests++;
      return remote.requestVerification();
    },

    keep(manifest, pinned) {
      const target = { version: manifest.version, pinned };
      served = target;
      // One after the other; what is no longer served by then need not be kept.
      keeping = keeping.then(() => (served === target ? put(manifest, pinned).catch(failed) : undefined));
      return keeping;
    },
  };

  /** Nobody waits for the disk to be served: a segment is written while it is already decoded. */
  function write(hash: string, bytes: Uint8Array): void {
    const written = limit(() => disk.putSegment(hash, bytes))
      .catch(failed)
      .finally(() => writing.delete(hash));
    writing.set(hash, written);
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

  /** An old copy of the store of all hosts was restored: this host starts where it was. */
  async function isBehind({ version, pinned }: Target): Promise<boolean> {
    return !pinned && ((await disk.currentVersion()) ?? 0) > version;
  }

  async function put(manifest: Manifest, pinned: boolean): Promise<void> {
    const { version, segments } = manifest;
    // Only what is whole is good: the disk may have been full, or have lost something since.
    for (const { hash, bytes } of segments) {
      if (whole.has(hash)) continue;
      await writing.get(hash);
      if (!(await disk.hasSegment(hash, bytes)))
        await disk.putSegment(hash, await remote.retrieveSegment(hash));
      whole.add(hash);
    }
    const current = (await disk.currentVersion()) ?? 0;
    if (version > current) await disk.publish(manifest);
    if (version < current) await disk.putManifest(manifest);
    if (pinned) await disk.pin(version);
    else await disk.unpin();
    if (now() - prunedAt < pruneEveryMs) return;
    await disk.prune();
    whole.clear();
    prunedAt = now();
  }
}
