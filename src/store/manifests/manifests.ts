// The manifests of one store, as both kinds of stores read them and check what they have written.

import type { Manifest } from '#/snapshot/manifest.ts';
import { createManifestReader } from './reader.ts';

export interface Manifests {
  /** Keeps the bytes. Shares the entries of the manifest before. Throws when the bytes are damaged, or of another version. */
  read(bytes: Buffer, version: number): Manifest;
}

export function createManifests(): Manifests {
  const reader = createManifestReader();
  return {
    read(bytes, version) {
      const manifest = reader.read(bytes);
      if (manifest.version !== version)
        throw new Error(`Got manifest ${manifest.version}, expected ${version}.`);
      return manifest;
    },
  };
}

/** Throws when `seen`, as read back, is not what was written; null when nothing was there. */
export function checkWritten(version: number, bytes: Buffer, seen: Buffer | null): void {
  if (seen?.equals(bytes) !== true)
    throw new Error(`Got other bytes of manifest ${version} than were written.`);
}
