// A snapshot store that all hosts share, like Redis: faults at every call, contents that are damaged, lost, or restored from
// an old copy; and the lease, with its fence.

import { decodeManifest, encodeManifest, segmentName, type Manifest } from '#/snapshot/manifest.ts';
import { leaseMs, type Leases } from '#/store/lease.ts';
import { mustBeAfter, type SnapshotStore } from '#/store/store.ts';
import type { Life, World } from './_world.ts';

interface Contents {
  readonly segments: Map<string, Uint8Array>;
  readonly companions: Map<string, Uint8Array>;
  readonly manifests: Map<number, string>;
  current: number | null;
}

const emptyContents = (): Contents => ({
  segments: new Map(),
  companions: new Map(),
  manifests: new Map(),
  current: null,
});

export interface SharedStore {
  /** The store for `life`; `fence` is that of its lease, and `moved` is called with what it has published. */
  storeFor(life: Life, fence: () => number | null, moved: (manifest: Manifest) => void): SnapshotStore;
  leasesFor(life: Life, host: string): Leases;
  /** Damages, loses or restores a part of the store, or makes it a read-only replica for a while. */
  suffer(): void;
}

const manifestsKept = 4;

export function createSharedStore(world: World): SharedStore {
  const { random } = world;
  let contents: Contents = {
    segments: new Map(),
    companions: new Map(),
    manifests: new Map(),
    current: null,
  };
  let copy: Contents = contents;
  let doubted = false;
  let held: { readonly token: string; until: number } | null = null;
  let lastFence = 0;

  let readOnlyUntil = -Infinity;

  /** Every write passes through here. */
  async function writing(life: Life, place: string): Promise<void> {
    await life.at(place);
    if (world.elapsed() < readOnlyUntil)
      throw new Error("READONLY You can't write against a read only replica.");
  }

  const isHeld = (token: string): boolean => held?.token === token && held.until > world.elapsed();
  const copied = ({ segments, companions, manifests, current }: Contents): Contents => ({
    segments: new Map(segments),
    companions: new Map(companions),
    manifests: new Map(manifests),
    current,
  });

  function rot(): void {
    const [hash, bytes] = random.pick([...contents.segments, ['', new Uint8Array(0)] as const]);
    if (bytes.length === 0) return;
    const rotten = bytes.slice(0, random.chance(0.3) ? random.int(0, bytes.length) : bytes.length);
    if (rotten.length === bytes.length) rotten[random.int(0, rotten.length - 1)]! ^= 1 << random.int(0, 7);
    contents.segments.set(hash, rotten);
  }

  return {
    storeFor(life, fence, moved) {
      const store: SnapshotStore = {
        async target() {
          await life.at('target');
          return contents.current === null ? null : { version: contents.current, pinned: false };
        },
        async currentVersion() {
          await life.at('current');
          return contents.current;
        },
        async versions() {
          await life.at('versions');
          return [...contents.manifests.keys()].toSorted((a, b) => b - a);
        },
        async retrieveManifest(version) {
          await life.at('manifest');
          const manifest = decodeManifest(contents.manifests.get(version) ?? '');
          if (manifest.version !== version) throw new Error(`Got manifest ${manifest.version}.`);
          return manifest;
        },
        async retrieveSegment(hash) {
          await life.at('segment');
          const bytes = contents.segments.get(hash);
          if (bytes === undefined || segmentName(bytes) !== hash)
            throw new Error(`No whole segment ${hash}.`);
          return bytes.slice();
        },
        async hasSegment(hash, bytes) {
          await life.at('has');
          return contents.segments.get(hash)?.length === bytes;
        },
        async putSegment(hash, bytes) {
          await writing(life, 'put');
          contents.segments.set(hash, bytes.slice());
          await life.at('was put');
        },
        async putCompanion(hash, bytes) {
          await writing(life, 'put companion');
          contents.companions.set(hash, bytes.slice());
        },
        async hasCompanion(hash) {
          await life.at('has companion');
          return contents.companions.has(hash);
        },
        async readCompanion(hash, from, length) {
          await life.at('companion');
          return (contents.companions.get(hash) ?? new Uint8Array(0)).slice(from, from + length);
        },
        async publish(manifest) {
          await writing(life, 'put manifest');
          contents.manifests.set(manifest.version, encodeManifest(manifest));
          await writing(life, 'publish');
          const number = fence();
          if (number === null || number < lastFence) throw new Error('Got a fence that is over.');
          mustBeAfter(manifest.version, contents.current ?? 0);
          contents.current = manifest.version;
          moved(manifest);
          await life.at('published');
        },
        pin: () => Promise.reject(new Error('Nobody pins here.')),
        unpin: () => Promise.reject(new Error('Nobody pins here.')),
        async requestVerification() {
          await writing(life, 'doubt');
          doubted = true;
        },
        async takeVerificationRequest() {
          await writing(life, 'take doubt');
          const taken = doubted;
          doubted = false;
          return taken;
        },
        async prune() {
          await writing(life, 'prune');
          const kept = (await store.versions()).slice(0, manifestsKept);
          const named = new Set<string>();
          for (const version of kept) {
            const manifest = await store.retrieveManifest(version).catch(() => null);
            for (const { hash } of manifest?.segments ?? []) named.add(hash);
          }
          for (const version of contents.manifests.keys())
            if (!kept.includes(version)) contents.manifests.delete(version);
          for (const kind of [contents.segments, contents.companions])
            for (const hash of kind.keys()) if (!named.has(hash)) kind.delete(hash);
        },
        polls: () => Promise.resolve([]),
        close: () => Promise.resolve(),
      };
      return store;
    },

    leasesFor: (life, host) => ({
      async acquire(floor) {
        await writing(life, 'acquire');
        if (held !== null && held.until > world.elapsed() && !held.token.endsWith(`:${host}`)) return null;
        lastFence = Math.max(lastFence, floor) + 1;
        held = { token: `${lastFence}:${host}`, until: world.elapsed() + leaseMs };
        return { fence: lastFence, token: held.token };
      },
      async renew({ token, fence }) {
        await writing(life, 'renew');
        if (held !== null && held.until > world.elapsed() && !isHeld(token)) return false;
        if (!isHeld(token) && fence !== lastFence) return false;
        held = { token, until: world.elapsed() + leaseMs };
        return true;
      },
      async release({ token }) {
        await writing(life, 'release');
        if (isHeld(token)) held = null;
      },
    }),

    suffer() {
      const draw = random.fraction();
      world.note('the store suffers');
      if (draw < 0.4) rot();
      else if (draw < 0.55) readOnlyUntil = world.elapsed() + random.int(500, 15_000);
      else if (draw < 0.7) contents.manifests.delete(contents.current ?? 0);
      else if (draw < 0.8) copy = copied(contents);
      else {
        contents = draw < 0.9 ? copied(copy) : emptyContents();
        held = null;
      }
    },
  };
}
