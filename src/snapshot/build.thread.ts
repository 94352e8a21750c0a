// Runs in a thread of the pool: takes the events of one slice, returns its segment and the segment's manifest entry.

import type { DetailedEvent } from '#/domain/event.ts';
import { segmentName, type SegmentEntry } from './manifest.ts';
import { encodeSegment } from './encode.ts';
import { decodeSegment } from './segment.ts';

export interface BuildTask {
  readonly key: string;
  /** Sorted by (start, id). */
  readonly events: readonly DetailedEvent[];
}

export interface BuiltSegment {
  readonly entry: SegmentEntry;
  readonly bytes: Uint8Array;
}

export default function buildSegment({ key, events }: BuildTask): BuiltSegment {
  const bytes = encodeSegment(events);
  // The decoder verifies the segment before it is stored.
  const { minStart, maxStart, minEnd, maxEnd } = decodeSegment(bytes);
  const entry = {
    key,
    hash: segmentName(bytes),
    events: events.length,
    bytes: bytes.length,
    minStart,
    maxStart,
    minEnd,
    maxEnd,
  };
  return { entry, bytes };
}
