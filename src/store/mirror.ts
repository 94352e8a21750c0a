// A host's last good snapshot on its own disk, in front of the store of all hosts: it starts without Redis, and asks
// Redis only for what it has not got.

import type { Manifest } from '#/snapshot/manifest.ts';
import type { SnapshotStore } from './store.ts';

export interface Mirror extends Pick<SnapshotStore, 'target' | 'retrieveManifest' | 'retrieveSegment'> {
  /** True while the store of all hosts is away, or has nothing: what is served may be old. */
  readonly stale: boolean;
  /** Keeps what is served now; best effort, since serving goes on without. */
  keep(manifest: Manifest, pinned: boolean): Promise<void>;
}

/** `failed` hears of what could not be kept. */
export function createMirror(
  remote: SnapshotStore,
  disk: SnapshotStore,
  failed: (error: unknown) => void,
): Mirror {
  let stale = false;
  return {
    get stale() {
      return stale;
    },

    async target() {
      const target = await remote.target().catch(() => null);
      stale = target === null;
      return target ?? disk.target();
    },

    retrieveManifest: (version) =>
      stale
        ? disk.retrieveManifest(version)
        : remote.retrieveManifest(version).catch(() => disk.retrieveManifest(version)),

    async retrieveSegment(hash) {
      const kept = await disk.retrieveSegment(hash).catch(() => null);
      if (kept !== null) return kept;
      const bytes = await remote.retrieveSegment(hash);
      await disk.putSegment(hash, bytes).catch(failed);
      return bytes;
    },

    async keep(manifest, pinned) {
      try {
        if (manifest.version > ((await disk.currentVersion()) ?? 0)) await disk.publish(manifest);
        if (pinned) await disk.pin(manifest.version);
        else await disk.unpin();
        await disk.prune();
      } catch (error) {
        failed(error);
      }
    },
  };
}
