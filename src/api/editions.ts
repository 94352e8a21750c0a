// The versions that a worker can continue a walk through pages in: those that it served in the last minutes, as far as their
// segments fit in memory, and those that the snapshot store still has. Versions share the segments that did not change, so a
// version costs what a change replaced.

import pLimit from 'p-limit';
import { editionOf, type Edition } from '#/search/events/edition.ts';
import type { Pinned } from '#/search/events/pinned.ts';
import { createView, emptyView, replacedSegments, type View } from '#/search/view.ts';
import { decodeSegment, type Segment } from '#/snapshot/segment.ts';
import type { Mirror } from '#/store/mirror.ts';

export interface Editions extends Pick<Pinned, 'find' | 'load'> {
  /** A new view is served; the one before is kept for a while. */
  swapped(view: View): void;
  /** The version from memory or from the snapshot store; null when it has gone. Rejects when the store is unavailable. */
  viewOf(version: number): Promise<View | null>;
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
  /** Null while a segment has no details: it is kept for what it shares with others, and never found. */
  readonly edition: Edition | null;
  readonly view: View;
  readonly keptAt: number;
  /** Bytes of segments that neither the served version nor a newer one in the list holds. */
  readonly ownBytes: number;
}

/** All views of a segment are of one buffer. */
const bytesIn = ({ brief }: Segment): number => brief.text.buffer.byteLength;

const editionIn = (view: View | null): Edition | null => (view === null ? null : editionOf(view));

export function createEditions({ store, now, extraBytesMax = extraBytesDefault }: EditionsOptions): Editions {
  /** The oldest first. */
  const kept: Kept[] = [];
  let view = emptyView;
  let extraBytes = 0;
  /** When a version last had to make room, before its time. */
  let crowdedAt = -Infinity;
  const loads = new Map<string, Promise<unknown>>();
  const oneAtATime = pLimit(1);

  function keep(edition: Edition | null, of: View, own: readonly Segment[]): void {
    const ownBytes = own.reduce((sum, segment) => sum + bytesIn(segment), 0);
    kept.push({ edition, view: of, keptAt: now(), ownBytes });
    extraBytes += ownBytes;
    for (;;) {
      const isCrowded = kept.length > keptMax || extraBytes > extraBytesMax;
      if (isCrowded) crowdedAt = now();
      if (!isCrowded && !isOld(kept[0])) return;
      extraBytes -= kept.shift()?.ownBytes ?? 0;
    }
  }

  const isOld = (one: Kept | undefined): boolean => one !== undefined && now() - one.keptAt > keptMs;

  function find(version: number, tag: number): Edition | null {
    const isIt = (edition: Edition | null): boolean => edition?.version === version && edition.tag === tag;
    const served = editionOf(view);
    if (isIt(served)) return served;
    return kept.findLast(({ edition }) => isIt(edition))?.edition ?? null;
  }

  /** Null when a part has gone, or when it does not fit. */
  async function read(version: number): Promise<View | null> {
    const manifest = await store.retrieveManifest(version).catch(() => null);
    if (manifest === null) return null;
    const own = new Map<string, Segment>(view.byHash);
    const missing = manifest.segments.filter(({ hash }) => !own.has(hash));
    if (missing.reduce((sum, { bytes }) => sum + bytes, 0) > extraBytesMax) return null;
    for (const { hash } of missing) {
      const bytes = await store.retrieveSegment(hash).catch(() => null);
      if (bytes === null) return null;
      own.set(hash, decodeSegment(bytes));
    }
    const segments = new Map(manifest.segments.map(({ hash }) => [hash, own.get(hash) as Segment]));
    return createView(version, segments, manifest.origin);
  }

  async function load(version: number, tag: number): Promise<Edition | null> {
    const known = find(version, tag);
    if (known !== null) return known;
    const edition = editionIn(await readKnown(version));
    return edition?.tag === tag ? edition : null;
  }

  /** Keeps what it reads. */
  async function readKnown(version: number): Promise<View | null> {
    const loaded = await read(version);
    const edition = editionIn(loaded);
    if (loaded === null || edition === null) {
      if (store.trouble !== null) throw new Error(store.trouble);
      return null;
    }
    if (find(version, edition.tag) === null) keep(edition, loaded, replacedSegments(loaded, view));
    return loaded;
  }

  const near = (version: number): View | null =>
    view.version === version
      ? view
      : (kept.findLast((one) => one.edition?.version === version)?.view ?? null);

  /** Runs `begin` once for all that want the same at the same time. */
  function shared<T>(name: string, begin: () => Promise<T>): Promise<T> {
    const running = loads.get(name) as Promise<T> | undefined;
    if (running !== undefined) return running;
    if (loads.size === loadsMax) return Promise.reject(new Error('Too many versions are being loaded.'));
    const loading = oneAtATime(begin).finally(() => loads.delete(name));
    loads.set(name, loading);
    return loading;
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
    load: (version, tag) => shared(`${version} ${tag}`, () => load(version, tag)),
    viewOf: async (version) =>
      near(version) ?? shared(String(version), async () => near(version) ?? readKnown(version)),
    swapped(next) {
      const last = view;
      view = next;
      // A replaced segment is never served again: if a version has the same bytes once more, they are read once more.
      if (last.version > 0) keep(editionOf(last), last, replacedSegments(last, next));
    },
  };
}
