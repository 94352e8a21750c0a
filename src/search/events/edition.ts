// A version of the catalogue as `/events` reads it. Its tag tells apart two versions with the same number, which archives that
// replace each other can publish.

import { hash } from 'node:crypto';
import type { PublishedVersion } from '#/domain/journaled.ts';
import type { Details } from '#/snapshot/details.ts';
import type { Segment } from '#/snapshot/segment.ts';
import type { View } from '#/search/view.ts';

export interface DetailedSegment extends Segment {
  readonly details: Details;
}

export interface Edition {
  readonly version: number;
  /** 32 bits of a hash of the segments' names, the same on every worker and host. */
  readonly tag: number;
  readonly events: number;
  readonly segments: readonly DetailedSegment[];
  /** Null when its archive is unknown. */
  readonly published: PublishedVersion | null;
}

const known = new WeakMap<View, Edition | null>();

/** Null while a segment has no details, because an earlier version of Marquee made it. */
export function editionOf(view: View): Edition | null {
  const before = known.get(view);
  if (before !== undefined) return before;
  let tag: number | null = null;
  const edition = view.segments.every(isDetailed)
    ? {
        version: view.version,
        // For who continues a walk through pages.
        get tag() {
          return (tag ??= tagOf(view.hashes));
        },
        events: view.events,
        segments: view.segments as DetailedSegment[],
        published: publishedOf(view),
      }
    : null;
  known.set(view, edition);
  return edition;
}

const publishedOf = ({ version, origin }: View): PublishedVersion | null =>
  origin && { version, seq: origin.seq, archive: firstBits(origin.archive), stamp: firstBits(origin.stamp) };

const firstBits = (hex: string): number => Number.parseInt(hex.slice(0, 8), 16);

const isDetailed = (segment: Segment): boolean => segment.details !== null;

const tagOf = (hashes: readonly string[]): number =>
  hash('sha256', hashes.join(' '), 'buffer').readUInt32LE();
