// A segment: the events of one slice, as columns and as the text of answers, plain and deflated. This file decodes segments;
// encode.ts encodes them.

import type Flatbush from 'flatbush';
import { decodeDetails, newestId, type Details } from './details.ts';
import { decodeLongIndex } from './long-index.ts';
import { checkRising, expect, readSections, unexpected, type Sections } from './sections.ts';
import { longMs } from './layers.ts';

/** Events of a segment, sorted by (start, id). Immutable; the columns are views of the segment's bytes. */
export interface Layer {
  readonly events: number;
  /** Milliseconds since 1970 UTC, by ordinal. */
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  /** `,{…}` of each event, concatenated. The comma comes first, so that stretches can be joined directly. */
  readonly text: Buffer;
  /** The offset of each event in `text`, and the end. */
  readonly textAt: Uint32Array;
  /** Sums of the hashes of the events before each ordinal, three numbers each. The difference of two identifies a stretch. */
  readonly sums: Uint32Array;
}

/** Events of at most `longMs`, in blocks of `blockEvents`. */
export interface BriefLayer extends Layer {
  /** The latest end in each block. */
  readonly blockEndMax: Float64Array;
  /**
   * Each block's text without its first comma, as a part of a deflate stream, followed by a comma as a stored part. A slice
   * from one block to another, without its last comma, is the text of these blocks.
   */
  readonly deflated: Buffer;
  /** The offset of each block in `deflated`, and the end. */
  readonly deflatedAt: Uint32Array;
  /** CRC-32 of all text before each block, and of all text. */
  readonly crcs: Uint32Array;
}

export interface LongLayer extends Layer {
  /** The number of brief events before each long event. */
  readonly before: Uint32Array;
  readonly minEnd: number;
  /** Null when there are few long events. */
  readonly index: Flatbush | null;
}

export interface Segment {
  readonly events: number;
  readonly brief: BriefLayer;
  readonly long: LongLayer;
  /** The text of both layers in order, without its first comma, deflated; null when one layer is empty. */
  readonly whole: { readonly deflated: Buffer; readonly crc: number } | null;
  /** Null in a segment of an earlier version of Marquee. */
  readonly details: Details | null;
  readonly minStart: number;
  readonly maxStart: number;
  readonly minEnd: number;
  readonly maxEnd: number;
}

export const blockEvents = 64;

/** Numbers per hash in `sums`: 96 bits. */
export const sumLanes = 3;

/** Section ids. A layer's sections are `brief` or `long` plus one of `layerIds`. */
export const ids = {
  brief: 1,
  deflatedAt: 6,
  deflated: 7,
  crcs: 8,
  long: 9,
  before: 14,
  longIndex: 15,
  whole: 16,
  wholeCrc: 17,
};
export const layerIds = { starts: 0, ends: 1, textAt: 2, text: 3, sums: 4 };

export const blocksOf = (events: number): number => Math.ceil(events / blockEvents);

/** False for a segment of an earlier version of Marquee, which lacks sections that this one writes, and for other bytes. */
export function isCurrentSegment(bytes: Uint8Array): boolean {
  try {
    return readSections(bytes).has(newestId);
  } catch {
    return false;
  }
}

/** Throws, with what was got and what was expected, when the bytes are not a complete segment of this format. */
export function decodeSegment(bytes: Uint8Array): Segment {
  const sections = readSections(bytes);
  const brief = readBrief(sections, sections.events - sections.long);
  const long = readLong(sections, brief);
  const whole = sections.bytes(ids.whole);
  const hasBoth = brief.events > 0 && long.events > 0;
  expect(
    hasBoth === whole.length > 0,
    `${whole.length} bytes of merged text`,
    hasBoth ? 'some, for two layers' : 'none, for one layer',
  );
  const [crc = 0] = sections.column(ids.wholeCrc, Uint32Array, 1);
  return {
    events: sections.events,
    brief,
    long,
    whole: hasBoth ? { deflated: whole, crc } : null,
    details: decodeDetails(sections),
    minStart: Math.min(brief.starts[0] ?? Infinity, long.starts[0] ?? Infinity),
    maxStart: Math.max(brief.starts.at(-1) ?? -Infinity, long.starts.at(-1) ?? -Infinity),
    minEnd: Math.min(long.minEnd, leastOf(brief.ends)),
    maxEnd: Math.max(greatestOf(brief.blockEndMax), greatestOf(long.ends)),
  };
}

function readLayer(sections: Sections, first: number, events: number): Layer {
  const starts = sections.column(first + layerIds.starts, Float64Array, events);
  const text = sections.bytes(first + layerIds.text);
  const textAt = sections.column(first + layerIds.textAt, Uint32Array, events + 1);
  checkRising(textAt, text.length);
  for (let i = 1; i < events; i++) {
    if ((starts[i] ?? 0) >= (starts[i - 1] ?? 0)) continue;
    throw unexpected(`event ${i} out of order`, 'sorted by start');
  }
  return {
    events,
    starts,
    ends: sections.column(first + layerIds.ends, Float64Array, events),
    text,
    textAt,
    sums: sections.column(first + layerIds.sums, Uint32Array, (events + 1) * sumLanes),
  };
}

function readBrief(sections: Sections, events: number): BriefLayer {
  const layer = readLayer(sections, ids.brief, events);
  const blocks = blocksOf(events);
  const deflated = sections.bytes(ids.deflated);
  const deflatedAt = sections.column(ids.deflatedAt, Uint32Array, blocks + 1);
  checkRising(deflatedAt, deflated.length);
  checkLengths(layer, (length) => length >= 0 && length <= longMs, `0 to ${longMs} ms`);
  const blockEndMax = Float64Array.from({ length: blocks }, (_, block) =>
    greatestOf(layer.ends.subarray(block * blockEvents, (block + 1) * blockEvents)),
  );
  return {
    ...layer,
    blockEndMax,
    deflated,
    deflatedAt,
    crcs: sections.column(ids.crcs, Uint32Array, blocks + 1),
  };
}

function readLong(sections: Sections, brief: BriefLayer): LongLayer {
  const layer = readLayer(sections, ids.long, sections.long);
  const before = sections.column(ids.before, Uint32Array, layer.events);
  checkLengths(layer, (length) => length > longMs, `more than ${longMs} ms`);
  for (let i = 0; i < layer.events; i++) {
    const [place, start] = [before[i] ?? 0, layer.starts[i] ?? 0];
    const fits =
      place <= brief.events &&
      (brief.starts[place - 1] ?? -Infinity) <= start &&
      (brief.starts[place] ?? Infinity) >= start &&
      (before[i - 1] ?? 0) <= place;
    if (!fits) throw unexpected(`long event ${i} after ${place} brief events`, 'its position by start');
  }
  const index = decodeLongIndex(sections.bytes(ids.longIndex), layer.events);
  return { ...layer, before, minEnd: leastOf(layer.ends), index };
}

/** Searches rely on this: every event is in the layer for its length. */
function checkLengths({ events, starts, ends }: Layer, holds: (ms: number) => boolean, wanted: string): void {
  for (let i = 0; i < events; i++) {
    const length = (ends[i] ?? 0) - (starts[i] ?? 0);
    if (!holds(length)) throw unexpected(`an event of ${length} ms`, wanted);
  }
}

function leastOf(values: Float64Array): number {
  let least = Infinity;
  for (const value of values) if (value < least) least = value;
  return least;
}

function greatestOf(values: Float64Array): number {
  let greatest = -Infinity;
  for (const value of values) if (value > greatest) greatest = value;
  return greatest;
}
