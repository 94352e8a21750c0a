// A segment: the events of one slice, as columns, as an index of blocks, and as the bytes that answers are made of, plain
// and deflated beforehand.

import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import Flatbush from 'flatbush';
import type { CatalogueEvent } from '#/domain/event.ts';
import { renderSummary } from '#/domain/summary.ts';
import { assert } from '#/kit/assert.ts';
import { cutBlocks } from './blocks.ts';
import { deflatePart, shiftOf } from './gzip.ts';
import { bytesOf, expect, readSections, writeSections, type Column } from './sections.ts';

/** Sorted by (start, id). Immutable; columns are views of the segment's own bytes. */
export interface Segment {
  readonly events: number;
  /** Milliseconds since 1970 UTC, by ordinal. */
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  /** `,{…}` of each event, one behind the other: the comma leads, so that stretches join as they are. */
  readonly text: Buffer;
  /** Where in `text` each event begins, and one more for its end. */
  readonly textAt: Uint32Array;
  /** Sums of the events' hashes up to each ordinal, three numbers each: differences of them tell stretches apart. */
  readonly sums: Uint32Array;
  /** First ordinal of each block, and one more for the end. */
  readonly blockAt: Uint32Array;
  /** Rectangles of the blocks: x from the first to the last start, y from the least to the greatest end. */
  readonly index: Flatbush;
  readonly blockEndMax: Float64Array;
  /** Each block's text without its first comma, as a part of a deflate stream, and where each begins. */
  readonly deflated: Buffer;
  readonly deflatedAt: Uint32Array;
  /** CRC-32 of each such text, and its length as an operator on CRCs (see gzip.ts). */
  readonly blockCrc: Uint32Array;
  readonly blockShift: Uint32Array;
  readonly minStart: number;
  readonly maxStart: number;
  readonly minEnd: number;
  readonly maxEnd: number;
}

/** Numbers that a hash has in `sums`: together 96 bits. */
export const sumLanes = 3;

const ids = {
  starts: 1,
  ends: 2,
  textAt: 3,
  blockAt: 4,
  index: 5,
  text: 6,
  deflatedAt: 7,
  deflated: 8,
  blockCrc: 9,
  blockShift: 10,
  sums: 11,
} as const;

/** `events` sorted by (start, id), at least one. The same events always give the same bytes. */
export function encodeSegment(events: readonly CatalogueEvent[]): Uint8Array {
  assert(events.length > 0, 'a segment holds at least one event');
  const starts = Float64Array.from(events, (event) => event.start);
  const ends = Float64Array.from(events, (event) => event.end);
  const rendered = events.map((event) => Buffer.from(`,${renderSummary(event)}`));
  const textAt = risingFrom(rendered.map(({ length }) => length));
  const text = Buffer.concat(rendered);
  const blockAt = Uint32Array.from([...cutBlocks(starts, ends), events.length]);
  const blockTexts = pairs(blockAt).map(([from, to]) => text.subarray((textAt[from] ?? 0) + 1, textAt[to]));
  const deflated = blockTexts.map((block) => deflatePart(block));
  return writeSections(events.length, blockTexts.length, [
    [ids.starts, bytesOf(starts)],
    [ids.ends, bytesOf(ends)],
    [ids.textAt, bytesOf(textAt)],
    [ids.blockAt, bytesOf(blockAt)],
    [ids.index, new Uint8Array(indexBlocks(starts, ends, blockAt).data as ArrayBuffer)],
    [ids.text, text],
    [ids.deflatedAt, bytesOf(risingFrom(deflated.map(({ length }) => length)))],
    [ids.deflated, Buffer.concat(deflated)],
    [ids.blockCrc, bytesOf(Uint32Array.from(blockTexts, (block) => crc32(block)))],
    [ids.blockShift, bytesOf(Uint32Array.from(blockTexts, ({ length }) => shiftOf(length)))],
    [ids.sums, bytesOf(sumUp(rendered))],
  ]);
}

function indexBlocks(starts: Float64Array, ends: Float64Array, blockAt: Uint32Array): Flatbush {
  const index = new Flatbush(blockAt.length - 1);
  for (const [from, to] of pairs(blockAt)) {
    const [min, max] = extent(ends.subarray(from, to));
    index.add(starts[from] ?? 0, min, starts[to - 1] ?? 0, max);
  }
  index.finish();
  return index;
}

function sumUp(rendered: readonly Buffer[]): Uint32Array {
  const sums = new Uint32Array((rendered.length + 1) * sumLanes);
  rendered.forEach((bytes, i) => {
    const digest = hash('sha256', bytes, 'buffer');
    for (let lane = 0; lane < sumLanes; lane++) {
      const at = i * sumLanes + lane;
      sums[at + sumLanes] = (sums[at] ?? 0) + digest.readUInt32LE(lane * 4);
    }
  });
  return sums;
}

/** Throws with what it saw and what it wanted when the bytes are no whole segment of this format. */
export function decodeSegment(bytes: Uint8Array): Segment {
  const sections = readSections(bytes);
  const { events, blocks } = sections;
  const starts = sections.column(ids.starts, Float64Array, events);
  const ends = sections.column(ids.ends, Float64Array, events);
  const text = sections.bytes(ids.text);
  const deflated = sections.bytes(ids.deflated);
  const blockAt = sections.column(ids.blockAt, Uint32Array, blocks + 1);
  const textAt = sections.column(ids.textAt, Uint32Array, events + 1);
  const deflatedAt = sections.column(ids.deflatedAt, Uint32Array, blocks + 1);
  checkRising(textAt, text.length);
  checkRising(blockAt, events);
  checkRising(deflatedAt, deflated.length);
  for (let i = 1; i < events; i++) {
    expect((starts[i] ?? 0) >= (starts[i - 1] ?? 0), `event ${i} out of order`, 'sorted by start');
  }
  const indexBytes = sections.bytes(ids.index);
  const index = Flatbush.from(indexBytes.buffer, indexBytes.byteOffset);
  expect(index.numItems === blocks, `an index of ${index.numItems} blocks`, blocks);
  const [minEnd, maxEnd] = extent(ends);
  return {
    events,
    starts,
    ends,
    text,
    textAt,
    sums: sections.column(ids.sums, Uint32Array, (events + 1) * sumLanes),
    blockAt,
    index,
    blockEndMax: Float64Array.from(pairs(blockAt), ([from, to]) => extent(ends.subarray(from, to))[1]),
    deflated,
    deflatedAt,
    blockCrc: sections.column(ids.blockCrc, Uint32Array, blocks),
    blockShift: sections.column(ids.blockShift, Uint32Array, blocks),
    minStart: starts[0] ?? 0,
    maxStart: starts[events - 1] ?? 0,
    minEnd,
    maxEnd,
  };
}

/** Where things of these lengths begin when they stand one behind the other, and one more for the end. */
function risingFrom(lengths: readonly number[]): Uint32Array {
  const at = new Uint32Array(lengths.length + 1);
  lengths.forEach((length, i) => (at[i + 1] = (at[i] ?? 0) + length));
  return at;
}

/** Each number with the one behind it. */
const pairs = (at: Uint32Array): [from: number, to: number][] =>
  Array.from(at.subarray(0, -1), (from, i) => [from, at[i + 1] ?? 0]);

function checkRising(offsets: Column, end: number): void {
  expect(
    offsets[0] === 0 && offsets.at(-1) === end,
    `offsets ${offsets[0]} to ${offsets.at(-1)}`,
    `0 to ${end}`,
  );
  for (let i = 1; i < offsets.length; i++) {
    expect((offsets[i] ?? 0) > (offsets[i - 1] ?? 0), `offset ${i} not rising`, 'rising offsets');
  }
}

function extent(values: Float64Array): [min: number, max: number] {
  let [min, max] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return [min, max];
}
