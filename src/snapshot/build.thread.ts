// Runs in a thread of the pool: takes the events of one slice, returns its segment and the segment's manifest entry.

import type { DetailedEvent } from '#/domain/event.ts';
import { unpackSlice, type PackedSlice } from '#/domain/packed/slice.ts';
import { segmentName, type SegmentEntry } from './manifest.ts';
import { encodeSegment } from './encode.ts';
import { decodeSegment } from './segment.ts';

export interface BuildTask {
  readonly key: string;
  /** At least one event. */
  readonly slice: PackedSlice;
}

export interface BuiltSegment {
  readonly entry: SegmentEntry;
  readonly bytes: Uint8Array;
}

export default function build({ key, slice }: BuildTask): BuiltSegment {
  return buildSegment(key, unpackSlice(slice));
}

/** `events`: sorted by (start, id), at least one. */
export function buildSegment(key: string, events: readonly DetailedEvent[]): BuiltSegment {
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
