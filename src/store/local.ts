// The snapshot store of a single host: a directory. `segments/HASH`, `manifests/VERSION`, and `current`, which names one.

import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeManifest, encodeManifest, segmentName, type Manifest } from '#/snapshot/manifest.ts';
import { isMissing, writeDurably } from '#/kit/files.ts';
import type { SnapshotStore } from './store.ts';

/** Workers that are still on their way to an older version must find it whole. */
const manifestsKept = 4;

export async function openLocalStore(directory: string): Promise<SnapshotStore> {
  const segments = join(directory, 'segments');
  const manifests = join(directory, 'manifests');
  const current = join(directory, 'current');
  await mkdir(segments, { recursive: true });
  await mkdir(manifests, { recursive: true });
  const segmentPath = (hash: string): string => join(segments, hash);
  const manifestPath = (version: number): string => join(manifests, String(version));

  const store: SnapshotStore = {
    async currentVersion() {
      try {
        const text = await readFile(current, 'utf8');
        return /^[1-9]\d{0,15}\n$/.test(text) ? Number(text) : null;
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    },

    async retrieveManifest(version) {
      const manifest = decodeManifest(await readFile(manifestPath(version), 'utf8'));
      if (manifest.version !== version)
        throw new Error(`Got manifest ${manifest.version}, expected ${version}.`);
      return manifest;
    },

    async retrieveSegment(hash) {
      const bytes = await readFile(segmentPath(hash));
      const seen = segmentName(bytes);
      if (seen !== hash) throw new Error(`Got segment ${seen}, expected ${hash}.`);
      return bytes;
    },

    async putSegment(hash, bytes) {
      const there = await store.retrieveSegment(hash).catch(() => null);
      if (there !== null) return;
      await writeDurably(segmentPath(hash), bytes);
      await store.retrieveSegment(hash);
    },

    async publish(manifest: Manifest) {
      const before = (await store.currentVersion()) ?? 0;
      if (manifest.version <= before)
        throw new Error(`Got version ${manifest.version}, expected one after ${before}.`);
      await writeDurably(manifestPath(manifest.version), encodeManifest(manifest));
      await store.retrieveManifest(manifest.version);
      await writeDurably(current, `${manifest.version}\n`);
    },

    async prune() {
      const served = await store.currentVersion();
      if (served === null) return;
      const names = await readdir(manifests);
      // What lies beyond `current` was never announced: a publisher died on the way.
      const kept = names
        .map(Number)
        .filter((version) => version <= served)
        .toSorted((a, b) => b - a)
        .slice(0, manifestsKept);
      const named = new Set<string>();
      for (const version of kept) {
        const manifest = await store.retrieveManifest(version).catch(() => null);
        for (const segment of manifest?.segments ?? []) named.add(segment.hash);
      }
      // With the rest go the `.part` files of a publisher that was killed while it wrote.
      const parts = (await readdir(directory)).filter((name) => name.endsWith('.part'));
      const dropped = [
        ...parts.map((name) => join(directory, name)),
        ...names.filter((name) => !kept.includes(Number(name))).map((name) => join(manifests, name)),
      ];
      const unnamed = (await readdir(segments)).filter((name) => !named.has(name)).map(segmentPath);
      await Promise.all([...dropped, ...unnamed].map((path) => rm(path, { force: true })));
    },
  };
  return store;
}
