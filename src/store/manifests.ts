// The manifests of one store, as both kinds of stores read them and check what they have written.

import { decodeManifest, type Manifest } from '#/snapshot/manifest.ts';

export interface Manifests {
  /** Shares the entries of the manifest before. Throws when the bytes are damaged, or of another version. */
  read(bytes: Buffer, version: number): Manifest;
  /** Throws when `seen`, as read back, is not what was written; null when nothing was there. */
  written(manifest: Manifest, bytes: Buffer, seen: Buffer | null): void;
}

export function createManifests(): Manifests {
  let recent: Manifest | null = null;
  return {
    read(bytes, version) {
      const manifest = decodeManifest(bytes.toString('latin1'), recent);
      if (manifest.version !== version)
        throw new Error(`Got manifest ${manifest.version}, expected ${version}.`);
      return (recent = manifest);
    },
    written(manifest, bytes, seen) {
      if (seen?.equals(bytes) !== true)
        throw new Error(`Got other bytes of manifest ${manifest.version} than were written.`);
      recent = manifest;
    },
  };
}
