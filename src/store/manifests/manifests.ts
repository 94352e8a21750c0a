// What both kinds of stores check of the manifests that they read and write.

import type { Manifest } from '#/snapshot/manifest.ts';

/** Throws when it is another version that was read. */
export function ofVersion(manifest: Manifest, version: number): Manifest {
  if (manifest.version !== version) throw new Error(`Got manifest ${manifest.version}, expected ${version}.`);
  return manifest;
}

/** Throws when `seen`, as read back, is not what was written; null when nothing was there. */
export function checkWritten(version: number, bytes: Buffer, seen: Buffer | null): void {
  if (seen?.equals(bytes) !== true)
    throw new Error(`Got other bytes of manifest ${version} than were written.`);
}
