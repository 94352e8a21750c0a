// Runs in a thread of the pool: takes the events of one slice, returns its segment, the segment's manifest entry and its companion.

import type { DetailedEvent } from '#/domain/event.ts';
import { releaseRows } from '#/domain/packed/buffers.ts';
import { unpackSlice, type PackedSlice } from '#/domain/packed/slice.ts';
import { createCompanionEncoder, createMarkEncoder } from './companion/encode.ts';
import { segmentName, type SegmentEntry } from './manifest.ts';
import { createSegmentEncoder, encodeSegment } from './encode.ts';
import { splitLayers } from './layers.ts';
import { decodeSegment } from './segment.ts';

export interface BuildTask {
  readonly key: string;
  /** At least one event. With zones, a companion is built. Its rows are freed. */
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
  const events = unpackSlice(slice);
  const split = splitLayers(events.starts, events.ends);
  const segment = stored === null ? createSegmentEncoder(split) : null;
  const mark = createMarkEncoder();
  const companion = slice.zones === null ? null : createCompanionEncoder(slice.zones);
  for (const ordinal of split.ordinals) {
    const one = events.at(ordinal);
    if (segment !== null) {
      segment.add(one.event);
      mark.add(one);
    }
    companion?.add(one);
  }
  const bytes = segment?.finished(mark.finished()) ?? null;
  const entry = bytes === null ? (stored as SegmentEntry) : entryOf(key, bytes);
  const built = { entry, bytes, companion: companion?.finished(entry.hash) ?? null };
  releaseRows(slice.rows, slice.zones);
  return built;
}

/** `events`: sorted by (start, id), at least one. */
export function buildSegment(key: string, events: readonly DetailedEvent[]): BuiltSegment {
  const bytes = encodeSegment(events);
  return { entry: entryOf(key, bytes), bytes };
}

function entryOf(key: string, bytes: Uint8Array): SegmentEntry {
  // The decoder verifies the segment before it is stored.
  const { events, minStart, maxStart, minEnd, maxEnd } = decodeSegment(bytes);
  return { key, hash: segmentName(bytes), events, bytes: bytes.length, minStart, maxStart, minEnd, maxEnd };
}
