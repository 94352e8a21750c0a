// Which versions a store keeps, and which segments these name: the newest few, within a limit on their size, and the pinned
// one. A worker may still be loading an older version, and an operator may roll back to one.

import { replacedEntries, type Manifest, type SegmentEntry } from '#/snapshot/manifest.ts';

export const manifestsKept = 16;

/** Older versions may take this much in addition to the newest, or this multiple of the newest, whichever is more. */
const olderBytesMax = 128_000_000;
const olderFactorMax = 2;

const rememberedMax = 2 * manifestsKept;

/** The newest two versions are kept regardless of size. */
const leastKept = 2;

export interface Retained {
  /** The newest first. */
  readonly versions: readonly number[];
  /** The hashes of their segments. */
  readonly named: ReadonlySet<string>;
  /** Versions whose manifests cannot be read, so that their segments are unknown. */
  readonly unread: readonly number[];
}

export interface Retention {
  /** Remembers the segments of a version that this process published. A version never changes. */
  remember(manifest: Manifest): void;
  /** Chooses among these versions, the newest first. It keeps none of `dropped`, except the newest and the pinned one. */
  choose(
    versions: readonly number[],
    pinned: number | null,
    dropped?: ReadonlySet<number>,
  ): Promise<Retained>;
}

interface Known {
  readonly segments: readonly SegmentEntry[];
  /** Those that another version does not have, as found last. */
  replaced: { readonly by: readonly SegmentEntry[]; readonly entries: readonly SegmentEntry[] } | null;
}

export function createRetention(retrieve: (version: number) => Promise<Manifest>): Retention {
  let known = new Map<number, Known>();

  function remember(version: number, segments: readonly SegmentEntry[]): Known {
    const one = { segments, replaced: null };
    known.set(version, one);
    return one;
  }

  async function find(version: number): Promise<Known | null> {
    const found = known.get(version);
    if (found !== undefined) return found;
    const manifest = await retrieve(version).catch(() => null);
    return manifest === null ? null : remember(version, manifest.segments);
  }

  return {
    remember({ version, segments }) {
      remember(version, segments);
      // A process that publishes and does not choose keeps no more of them.
      for (const oldest of known.keys()) if (known.size > rememberedMax) known.delete(oldest);
    },

    async choose(all, pinned, dropped = new Set()) {
      const versions = all.filter((version, age) => age === 0 || version === pinned || !dropped.has(version));
      const [kept, unread]: [number[], number[]] = [[], []];
      const named = new Set<string>();
      let bytes = 0;
      let bytesMax = Infinity;
      let newer: readonly SegmentEntry[] = [];
      for (const [age, version] of versions.entries()) {
        const old = age >= manifestsKept || bytes > bytesMax;
        if (old && version !== pinned) continue;
        const found = await find(version);
        if (found === null) unread.push(version);
        const more = found === null ? [] : replacedBy(found, newer).filter(({ hash }) => !named.has(hash));
        const moreBytes = more.reduce((sum, segment) => sum + segment.bytes, 0);
        if (!old && age >= leastKept) {
          bytes += moreBytes;
          if (bytes > bytesMax && version !== pinned) continue;
        }
        kept.push(version);
        for (const { hash } of more) named.add(hash);
        newer = found?.segments ?? newer;
        if (age === 0) bytesMax = Math.max(olderBytesMax, olderFactorMax * moreBytes);
      }
      known = new Map([...known].filter(([version]) => kept.includes(version)));
      return { versions: kept, named, unread };
    },
  };
}

/** Versions never change, so only what the newest one replaces is compared. */
function replacedBy(one: Known, newer: readonly SegmentEntry[]): readonly SegmentEntry[] {
  if (one.replaced?.by !== newer) one.replaced = { by: newer, entries: replacedEntries(one.segments, newer) };
  return one.replaced.entries;
}
