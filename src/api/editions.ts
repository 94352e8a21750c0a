// The versions that a worker can continue a walk through pages in: those that it served in the last minutes, as far as their
// segments fit in memory, and those that the snapshot store still has. Versions share the segments that did not change, so a
// version costs what a change replaced.

import pLimit from 'p-limit';
import { editionOf, type Edition } from '#/search/events/edition.ts';
import type { Pinned } from '#/search/events/pinned.ts';
import { createView, emptyView, type View } from '#/search/view.ts';
import { decodeSegment, type Segment } from '#/snapshot/segment.ts';
import type { Mirror } from '#/store/mirror.ts';

export interface Editions extends Pick<Pinned, 'find' | 'load'> {
  /** A new view is served; the one before is kept for a while. */
  swapped(view: View): void;
  /** Bytes of segments that only kept versions hold. */
  readonly extraBytes: number;
  readonly kept: number;
  /** For how long a version is kept after it was replaced, in milliseconds, as long as the catalogue changes as it does now. */
  readonly reachMs: number;
}

export interface EditionsOptions {
  readonly store: Pick<Mirror, 'retrieveManifest' | 'retrieveSegment' | 'trouble'>;
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number;
  readonly extraBytesMax?: number;
}

const keptMs = 600_000;
const keptMax = 600;
const extraBytesDefault = 64_000_000;
/** Loads that may wait; a load reads the store while the worker answers others. */
const loadsMax = 8;

interface Kept {
  readonly edition: Edition;
  readonly keptAt: number;
}

/** All views of a segment are of one buffer. */
const bytesIn = ({ brief }: Segment): number => brief.text.buffer.byteLength;

export function createEditions({ store, now, extraBytesMax = extraBytesDefault }: EditionsOptions): Editions {
  /** The oldest first. */
  const kept: Kept[] = [];
  let view = emptyView;
  let current = new Set<Segment>();
  /** How many kept versions hold a segment. */
  const holders = new Map<Segment, number>();
  let extraBytes = 0;
  /** When a version last had to make room, before its time. */
  let crowdedAt = -Infinity;
  const loads = new Map<string, Promise<Edition | null>>();
  const oneAtATime = pLimit(1);

  function keep(edition: Edition): void {
    kept.push({ edition, keptAt: now() });
    for (const segment of edition.segments) holders.set(segment, (holders.get(segment) ?? 0) + 1);
    extraBytes = 0;
    for (const segment of holders.keys()) if (!current.has(segment)) extraBytes += bytesIn(segment);
    for (;;) {
      const isCrowded = kept.length > keptMax || extraBytes > extraBytesMax;
      if (isCrowded) crowdedAt = now();
      if (!isCrowded && !isOld(kept[0])) return;
      drop();
    }
  }

  const isOld = (one: Kept | undefined): boolean => one !== undefined && now() - one.keptAt > keptMs;

  function drop(): void {
    const oldest = kept.shift();
    for (const segment of oldest?.edition.segments ?? []) {
      const others = (holders.get(segment) ?? 1) - 1;
      if (others > 0) holders.set(segment, others);
      else {
        holders.delete(segment);
        if (!current.has(segment)) extraBytes -= bytesIn(segment);
      }
    }
  }

  function find(version: number, tag: number): Edition | null {
    const isIt = (edition: Edition | null): boolean => edition?.version === version && edition.tag === tag;
    const served = editionOf(view);
    if (isIt(served)) return served;
    return kept.findLast(({ edition }) => isIt(edition))?.edition ?? null;
  }

  /** Null when a part has gone, or when it does not fit. */
  async function read(version: number): Promise<Edition | null> {
    const manifest = await store.retrieveManifest(version).catch(() => null);
    if (manifest === null) return null;
    const near = new Map<string, Segment>(view.byHash);
    const missing = manifest.segments.filter(({ hash }) => !near.has(hash));
    if (missing.reduce((sum, { bytes }) => sum + bytes, 0) > extraBytesMax) return null;
    for (const { hash } of missing) {
      const bytes = await store.retrieveSegment(hash).catch(() => null);
      if (bytes === null) return null;
      near.set(hash, decodeSegment(bytes));
    }
    const segments = new Map(manifest.segments.map(({ hash }) => [hash, near.get(hash) as Segment]));
    return editionOf(createView(version, segments, manifest.origin));
  }

  async function load(version: number, tag: number): Promise<Edition | null> {
    const edition = find(version, tag) ?? (await read(version));
    if (edition === null) {
      if (store.trouble !== null) throw new Error(store.trouble);
      return null;
    }
    if (edition.tag !== tag) return null;
    if (find(version, tag) === null) keep(edition);
    return edition;
  }

  return {
    get extraBytes() {
      return extraBytes;
    },
    get kept() {
      return kept.length;
    },
    get reachMs() {
      return now() - crowdedAt > keptMs ? keptMs : now() - (kept[0]?.keptAt ?? now());
    },
    find,
    load(version, tag) {
      const name = `${version} ${tag}`;
      const running = loads.get(name);
      if (running !== undefined) return running;
      if (loads.size === loadsMax) return Promise.reject(new Error('Too many versions are being loaded.'));
      const loading = oneAtATime(() => load(version, tag)).finally(() => loads.delete(name));
      loads.set(name, loading);
      return loading;
    },
    swapped(next) {
      const before = editionOf(view);
      view = next;
      current = new Set(next.segments);
      if (before !== null && before.version > 0) keep(before);
    },
  };
}
