// Where snapshots are put and found again. Two kinds (a directory, Redis), one interface.

import type { Manifest } from '#/snapshot/manifest.ts';

export interface SnapshotStore {
  /** The version that is to be served; null when nothing was ever published, or when it cannot be read. */
  currentVersion(): Promise<number | null>;
  /** Throws when it is not there or not whole. */
  retrieveManifest(version: number): Promise<Manifest>;
  /** The segment's bytes, checked against their name. Throws when they are not there or not whole. */
  retrieveSegment(hash: string): Promise<Uint8Array>;
  /** Puts a segment under its name and reads it back; one that is there and whole is left as it is. */
  putSegment(hash: string, bytes: Uint8Array): Promise<void>;
  /** Puts a manifest, reads it back, then moves `current` forward to it. Throws when it would move back. */
  publish(manifest: Manifest): Promise<void>;
  /** Lets go of old manifests but the newest few, and of segments that no kept manifest names. */
  prune(): Promise<void>;
}
