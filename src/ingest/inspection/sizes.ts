// Bytes and events of each segment of a version, in total and per provider. A segment is immutable, so what it has is counted once.

import { setImmediate as immediate } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { sourceOf } from '#/snapshot/details.ts';
import type { Manifest, SegmentEntry } from '#/snapshot/manifest.ts';
import { layerOf, ordinalOf } from '#/snapshot/places.ts';
import { decodeSegment, type Segment } from '#/snapshot/segment.ts';
import { rfc3339 } from '#/snapshot/clock-text.ts';
import { readable, type Snapshots } from './versions.ts';

/** `bytes`: of the texts of answers, which are the largest part of a segment. */
interface Share {
  events: number;
  bytes: number;
}
type Shares = Readonly<Record<string, Readonly<Share>>>;

export interface SizesPage {
  readonly version: number;
  readonly events: number;
  readonly bytes: number;
  readonly segment_count: number;
  /** Of the segments that are counted so far. */
  readonly providers: Shares;
  /** As many segments as `counted_segments` are in `providers`: the others are counted by later requests. */
  readonly counted_segments: number;
  readonly segments: readonly {
    readonly key: string;
    readonly hash: string;
    readonly events: number;
    readonly bytes: number;
    readonly first_starts_at: string;
    readonly last_starts_at: string;
    /** Null when it is not counted yet. */
    readonly providers: Shares | null;
  }[];
  readonly next_cursor: string | null;
}

export interface Sizes {
  page(manifest: Manifest, from: number, limit: number): Promise<SizesPage>;
}

const countedMax = 20_000;
/** A request counts segments for this long, and those of its page in any case. */
const countMsDefault = 1500;
const unnamed = 'unknown';

export function createSizes(
  store: Pick<Snapshots, 'retrieveSegment'>,
  now: () => number,
  countMs = countMsDefault,
): Sizes {
  const counted = new LRUCache<string, Shares>({ max: countedMax });

  async function count({ hash }: SegmentEntry): Promise<void> {
    if (counted.has(hash)) return;
    counted.set(hash, await readable(async () => sharesIn(decodeSegment(await store.retrieveSegment(hash)))));
    await immediate();
  }

  return {
    async page({ version, segments }, from, limit) {
      const until = now() + countMs;
      const own = segments.slice(from, from + limit);
      for (const segment of [...own, ...segments]) {
        if (now() > until) break;
        await count(segment);
      }
      const known = segments.map(({ hash }) => counted.get(hash)).filter((shares) => shares !== undefined);
      return {
        version,
        events: segments.reduce((sum, { events }) => sum + events, 0),
        bytes: segments.reduce((sum, { bytes }) => sum + bytes, 0),
        segment_count: segments.length,
        providers: sumOf(known),
        counted_segments: known.length,
        segments: own.map(({ key, hash, events, bytes, minStart, maxStart }) => ({
          key,
          hash,
          events,
          bytes,
          first_starts_at: rfc3339(minStart),
          last_starts_at: rfc3339(maxStart),
          providers: counted.get(hash) ?? null,
        })),
        next_cursor: from + limit < segments.length ? String(from + limit) : null,
      };
    },
  };
}

/** A segment of an earlier version of Marquee does not name the providers of its events. */
function sharesIn(segment: Segment): Shares {
  const shares: Record<string, Share> = {};
  const { details } = segment;
  for (let place = 0; place < segment.events; place++) {
    const source = details?.sources[sourceOf(details.traits[place] as number)];
    const share = (shares[source?.provider ?? unnamed] ??= { events: 0, bytes: 0 });
    const { textAt } = layerOf(segment, place);
    const ordinal = ordinalOf(segment, place);
    share.events++;
    share.bytes += (textAt[ordinal + 1] as number) - (textAt[ordinal] as number);
  }
  return shares;
}

function sumOf(all: readonly Shares[]): Shares {
  const sum: Record<string, Share> = {};
  for (const shares of all)
    for (const [provider, { events, bytes }] of Object.entries(shares)) {
      const share = (sum[provider] ??= { events: 0, bytes: 0 });
      share.events += events;
      share.bytes += bytes;
    }
  return sum;
}
