// A host's last good snapshot on its own disk, in front of the store of all hosts: it starts without Redis, and asks
// Redis only for what it has not got.

import type { Manifest } from '#/snapshot/manifest.ts';
import type { LocalStore } from './local.ts';
import type { SnapshotStore, Target } from './store.ts';

export interface Mirror extends Pick<SnapshotStore, 'target' | 'retrieveManifest' | 'retrieveSegment'> {
  /** True while the store of all hosts is away, or has nothing: what is served may be old. */
  readonly stale: boolean;
  /** Whether the store of all hosts was ever reached: until then, having nothing means nothing. */
  readonly answered: boolean;
  /** Keeps what is served now; best effort, since serving goes on without. */
  keep(manifest: Manifest, pinned: boolean): Promise<void>;
}

/** `failed` hears of what could not be kept. */
export function createMirror(
  remote: SnapshotStore,
  disk: LocalStore,
  failed: (error: unknown) => void,
): Mirror {
  let stale = false;
  let answered = false;
  let served: Target | null = null;
  let keeping: Promise<void> = Promise.resolve();

  return {
    get stale() {
      return stale;
    },
    get answered() {
      return answered;
    },

    async target() {
      const target = await reached().catch(() => null);
      stale = target === null || (served === null && (await isBehind(target)));
      if (!stale) return target;
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
      await disk.putSegment(hash, bytes).catch(failed);
      return bytes;
    },

    keep(manifest, pinned) {
      const target = { version: manifest.version, pinned };
      served = target;
      // One after the other; what is no longer served by then need not be kept.
      keeping = keeping.then(() => (served === target ? put(manifest, pinned).catch(failed) : undefined));
      return keeping;
    },
  };

  async function reached(): Promise<Target | null> {
    const target = await remote.target();
    answered = true;
    return target;
  }

  /** An old copy of the store of all hosts was restored: this host starts where it was. */
  async function isBehind({ version, pinned }: Target): Promise<boolean> {
    return !pinned && ((await disk.currentVersion()) ?? 0) > version;
  }

  async function put(manifest: Manifest, pinned: boolean): Promise<void> {
    const { version, segments } = manifest;
    // Only what is whole is good: the disk may have been full, or have lost something since.
    for (const { hash, bytes } of segments) {
      if (await disk.hasSegment(hash, bytes)) continue;
      await disk.putSegment(hash, await remote.retrieveSegment(hash));
    }
    const current = (await disk.currentVersion()) ?? 0;
    if (version > current) await disk.publish(manifest);
    if (version < current) await disk.putManifest(manifest);
    if (pinned) await disk.pin(version);
    else await disk.unpin();
    await disk.prune();
  }
}
