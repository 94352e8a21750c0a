// The snapshot store of a single host: a directory with `segments/HASH`, `companions/HASH`, `manifests/VERSION`, `current` and `pin`, which
// contain a version, `polled` (see polls.ts), and `doubt`, an empty file that requests a verification. Files are either complete
// or absent.

import { mkdir, readdir, readFile, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeManifest, segmentName, type Manifest } from '#/snapshot/manifest.ts';
import { isMissing, readPart, writeDurably, writeWhole } from '#/kit/files.ts';
import { release } from '#/kit/machine/release.ts';
import { checkWritten, ofVersion } from './manifests/manifests.ts';
import { createManifestReader } from './manifests/reader.ts';
import { pollsIn, withPoll } from './polls.ts';
import { createRetention } from './retention.ts';
import { mustBeAfter, versionOf, type SnapshotStore } from './store.ts';
import { createSweep } from './sweep.ts';

export interface LocalStore extends SnapshotStore {
  /** Stores a manifest and reads it back; does not move `current`. */
  putManifest(manifest: Manifest): Promise<void>;
  /** The sizes of all companions in bytes, by the names of their segments. */
  companionSizes(): Promise<Map<string, number>>;
  removeCompanion(hash: string): Promise<void>;
}

/** `graceMs`: the minimum age of an unnamed file before it is removed, because a publisher may be about to name it. */
export async function openLocalStore(directory: string, graceMs = 0): Promise<LocalStore> {
  const segments = join(directory, 'segments');
  const companions = join(directory, 'companions');
  const manifests = join(directory, 'manifests');
  const current = join(directory, 'current');
  const pin = join(directory, 'pin');
  const polled = join(directory, 'polled');
  const verification = join(directory, 'doubt');
  await mkdir(segments, { recursive: true });
  await mkdir(companions, { recursive: true });
  await mkdir(manifests, { recursive: true });
  const segmentPath = (hash: string): string => join(segments, hash);
  const companionPath = (hash: string): string => join(companions, hash);
  const manifestPath = (version: number): string => join(manifests, String(version));

  async function removeAged(path: string): Promise<void> {
    const file = await stat(path).catch(() => null);
    if (file !== null && Date.now() - file.mtimeMs >= graceMs) await rm(path, { force: true });
  }

  const retention = createRetention((version) => store.retrieveManifest(version));
  const reader = createManifestReader();
  const sweep = createSweep(() => performance.now());
  const store: LocalStore = {
    async target() {
      const pinned = await readVersion(pin);
      if (pinned !== null) return { version: pinned, pinned: true };
      const version = await readVersion(current);
      return version === null ? null : { version, pinned: false };
    },

    currentVersion: () => readVersion(current),

    async versions() {
      return (await readdir(manifests)).flatMap((name) => versionOf(name) ?? []).toSorted((a, b) => b - a);
    },

    async retrieveManifest(version) {
      return ofVersion(reader.read(await readFile(manifestPath(version))), version);
    },

    async retrieveSegment(hash) {
      const bytes = await readFile(segmentPath(hash));
      const seen = segmentName(bytes);
      if (seen !== hash) throw new Error(`Got segment ${seen}, expected ${hash}.`);
      return bytes;
    },

    async hasSegment(hash, bytes) {
      const file = await stat(segmentPath(hash)).catch(() => null);
      return file?.size === bytes;
    },

    async putSegment(hash, bytes) {
      const there = await store.retrieveSegment(hash).catch(() => null);
      if (there !== null) return release(there);
      await writeDurably(segmentPath(hash), bytes);
      release(await store.retrieveSegment(hash));
    },

    putCompanion: (hash, bytes) => writeWhole(companionPath(hash), bytes),

    async hasCompanion(hash) {
      return (await stat(companionPath(hash)).catch(() => null)) !== null;
    },

    readCompanion: (hash, from, length) =>
      readPart(companionPath(hash), from, length).catch((error: unknown) => {
        if (isMissing(error)) return new Uint8Array(0);
        throw error;
      }),

    async companionSizes() {
      const sizes = new Map<string, number>();
      for (const name of await readdir(companions)) {
        // Another process is writing it.
        if (name.endsWith('.part')) continue;
        const file = await stat(companionPath(name)).catch(() => null);
        if (file !== null) sizes.set(name, file.size);
      }
      return sizes;
    },

    removeCompanion: (hash) => rm(companionPath(hash), { force: true }),

    async putManifest(manifest) {
      const path = manifestPath(manifest.version);
      const bytes = Buffer.from(encodeManifest(manifest));
      await writeDurably(path, bytes);
      const seen = await readFile(path);
      checkWritten(manifest.version, bytes, seen);
      release(seen);
      release(bytes);
    },

    async publish(manifest, polledAt = null) {
      const { version } = manifest;
      mustBeAfter(version, (await readVersion(current)) ?? 0);
      await store.putManifest(manifest);
      const polls = withPoll(await readText(polled), version, polledAt);
      // Before `current`: a worker that reads the version finds its poll.
      if (polls !== '') await writeWhole(polled, Buffer.from(polls));
      await writeDurably(current, `${version}\n`);
      retention.remember(manifest);
    },

    polls: async () => pollsIn(await readText(polled)),

    async pin(version) {
      await store.retrieveManifest(version);
      await writeDurably(pin, `${version}\n`);
    },

    unpin: () => rm(pin, { force: true }),

    requestVerification: () => writeFile(verification, ''),

    takeVerificationRequest: () =>
      unlink(verification).then(
        () => true,
        (error: unknown) => {
          if (isMissing(error)) return false;
          throw error;
        },
      ),

    async prune(dropping) {
      const served = await readVersion(current);
      if (served === null) return;
      const pinned = await readVersion(pin);
      // A version after `current` was never announced: its publisher stopped before it moved `current`.
      const known = (await store.versions()).filter((version) => version <= served);
      const { versions: kept, named, unread } = await retention.choose(known, pinned, dropping);
      // The served manifest cannot be read at present, so any segment may belong to it.
      if (unread.includes(served)) return;
      const names = new Set(kept.map(String));
      // This also removes `.part` files of a publisher that was killed while writing.
      const parts = (await readdir(directory)).filter((name) => name.endsWith('.part'));
      const removed = [
        ...parts.map((name) => join(directory, name)),
        ...(await readdir(manifests)).filter((name) => !names.has(name)).map((name) => join(manifests, name)),
      ];
      await Promise.all(removed.map(removeAged));
      await sweep.run(
        named,
        async () => [...new Set([...(await readdir(segments)), ...(await readdir(companions))])],
        async (unnamed) => {
          const paths = [segmentPath, companionPath].flatMap((path) => unnamed.map(path));
          await Promise.all(paths.map(removeAged));
        },
      );
    },

    close: () => Promise.resolve(),
  };
  return store;
}

/** Null when the file is absent or does not contain a version. */
async function readVersion(path: string): Promise<number | null> {
  const text = await readText(path);
  return text?.endsWith('\n') === true ? versionOf(text.slice(0, -1)) : null;
}

/** Null when the file is absent. */
async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}
