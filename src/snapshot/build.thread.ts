// Runs in a thread of the pool: takes the events of one slice, returns its segment, the segment's manifest entry and its companion.

import type { DetailedEvent } from '#/domain/event.ts';
import { unpackSlice, type PackedSlice } from '#/domain/packed/slice.ts';
import { encodeCompanion, markOf } from './companion/encode.ts';
import { segmentName, type SegmentEntry } from './manifest.ts';
import { encodeSegment } from './encode.ts';
import { decodeSegment } from './segment.ts';

export interface BuildTask {
  readonly key: string;
  /** At least one event. With zones, a companion is built. */
  readonly slice: PackedSlice;
  /** The entry of the segment when that is stored, and only its companion is missing. */
  readonly stored: SegmentEntry | null;
}

export interface BuiltSegment {
  readonly entry: SegmentEntry;
  readonly bytes: Uint8Array;
}

export interface BuiltSlice {
  readonly entry: SegmentEntry;
  /** Null when the segment is stored. */
  readonly bytes: Uint8Array | null;
  /** Null when the slice has no zones. */
  readonly companion: Uint8Array | null;
}

export default function build({ key, slice, stored }: BuildTask): BuiltSlice {
  const rows = unpackSlice(slice);
  const { entry, bytes } =
    stored === null
      ? buildSegment(
          key,
          rows.map(({ event }) => event),
          markOf(rows),
        )
      : { entry: stored, bytes: null };
  const companion = slice.zones === null ? null : encodeCompanion(entry.hash, rows, slice.zones);
  return { entry, bytes, companion };
}

/** `events`: sorted by (start, id), at least one. `mark`: see `encodeSegment`. */
export function buildSegment(key: string, events: readonly DetailedEvent[], mark?: Uint8Array): BuiltSegment {
  const bytes = encodeSegment(events, mark);
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
