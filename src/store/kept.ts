// Which versions a store keeps, and what they name: the newest few, as long as they do not take too much, and the pinned
// one. Workers on their way to an older version must find it whole, and operators roll back.

import type { Manifest, SegmentEntry } from '#/snapshot/manifest.ts';

export const manifestsKept = 16;

/** What older versions may take beyond the newest: so much, or so many times what the newest takes. */
const olderBytesMax = 128_000_000;
const olderFactorMax = 2;

/** The last but one is kept whatever it takes. */
const leastKept = 2;

export interface Kept {
  /** The newest first. */
  readonly versions: readonly number[];
  /** The hashes of their segments. */
  readonly named: ReadonlySet<string>;
  /** Those whose manifests cannot be read: what they name is not known. */
  readonly unread: readonly number[];
}

export interface Keeper {
  /** A version never changes: one that was published from here need not be read again. */
  know(manifest: Manifest): void;
  /** Of these versions, the newest first. `dropped` are not kept, unless they are the newest, or pinned. */
  choose(versions: readonly number[], pinned: number | null, dropped?: ReadonlySet<number>): Promise<Kept>;
}

export function createKeeper(retrieve: (version: number) => Promise<Manifest>): Keeper {
  let known = new Map<number, readonly SegmentEntry[]>();

  async function segmentsOf(version: number): Promise<readonly SegmentEntry[] | null> {
    const found = known.get(version);
    if (found !== undefined) return found;
    const manifest = await retrieve(version).catch(() => null);
    if (manifest !== null) known.set(version, manifest.segments);
    return manifest?.segments ?? null;
  }

  return {
    know: ({ version, segments }) => void known.set(version, segments),

    async choose(all, pinned, dropped = new Set()) {
      const versions = all.filter((version, age) => age === 0 || version === pinned || !dropped.has(version));
      const [kept, unread]: [number[], number[]] = [[], []];
      const named = new Set<string>();
      let bytes = 0;
      let bytesMax = Infinity;
      for (const [age, version] of versions.entries()) {
        const old = age >= manifestsKept || bytes > bytesMax;
        if (old && version !== pinned) continue;
        const segments = await segmentsOf(version);
        if (segments === null) unread.push(version);
        const more = (segments ?? []).filter(({ hash }) => !named.has(hash));
        const moreBytes = more.reduce((sum, segment) => sum + segment.bytes, 0);
        if (!old && age >= leastKept) {
          bytes += moreBytes;
          if (bytes > bytesMax && version !== pinned) continue;
        }
        kept.push(version);
        for (const { hash } of more) named.add(hash);
        if (age === 0) bytesMax = Math.max(olderBytesMax, olderFactorMax * moreBytes);
      }
      known = new Map([...known].filter(([version]) => kept.includes(version)));
      return { versions: kept, named, unread };
    },
  };
}
