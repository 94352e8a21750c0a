// The bytes of a segment: its events as columns, as an index of blocks, and as the JSON that answers are made of.
// Little-endian throughout. Encoder and decoder check the same things: what one writes, the other must find.
//
//   magic u32 · format u32 · events u32 · blocks u32 · sections u32 · crc32 u32 (of all that follows)
//   section table: id u32 · offset u32 · length u32 · 0 u32      sections, each at a multiple of 8
//
// A reader passes over sections that it does not know (room for blocks deflated beforehand).

import { crc32 } from 'node:zlib';
import Flatbush from 'flatbush';
import type { CatalogueEvent } from '#/domain/event.ts';
import { renderSummary } from '#/domain/summary.ts';
import { assert } from '#/kit/assert.ts';
import { cutBlocks } from './blocks.ts';

/** The events of one slice, sorted by (start, id). Immutable; columns are views of the segment's own bytes. */
export interface Segment {
  readonly events: number;
  /** Milliseconds since 1970 UTC, by ordinal. */
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  /** `,{…}` of each event, one behind the other: the comma leads, so that stretches join as they are. */
  readonly text: Buffer;
  /** Where in `text` each event begins, and one more for its end. */
  readonly textAt: Uint32Array;
  /** First ordinal of each block, and one more for the end. */
  readonly blockAt: Uint32Array;
  /** Rectangles of the blocks: x from the first to the last start, y from the least to the greatest end. */
  readonly index: Flatbush;
  readonly blockEndMax: Float64Array;
  readonly minStart: number;
  readonly maxStart: number;
  readonly minEnd: number;
  readonly maxEnd: number;
}

const magic = 0x5145_534d;
const format = 1;
const headerBytes = 24;
const entryBytes = 16;
const sectionIds = { starts: 1, ends: 2, textAt: 3, blockAt: 4, index: 5, text: 6 } as const;
const sectionsMax = 64;

/** `events` sorted by (start, id), at least one. The same events always give the same bytes. */
export function encodeSegment(events: readonly CatalogueEvent[]): Uint8Array {
  assert(events.length > 0, 'a segment holds at least one event');
  const starts = Float64Array.from(events, (event) => event.start);
  const ends = Float64Array.from(events, (event) => event.end);
  const rendered = events.map((event) => Buffer.from(`,${renderSummary(event)}`));
  const textAt = new Uint32Array(events.length + 1);
  rendered.forEach((bytes, i) => (textAt[i + 1] = (textAt[i] ?? 0) + bytes.length));
  const blockAt = Uint32Array.from([...cutBlocks(starts, ends), events.length]);
  const sections: [number, Uint8Array][] = [
    [sectionIds.starts, bytesOf(starts)],
    [sectionIds.ends, bytesOf(ends)],
    [sectionIds.textAt, bytesOf(textAt)],
    [sectionIds.blockAt, bytesOf(blockAt)],
    [sectionIds.index, new Uint8Array(indexBlocks(starts, ends, blockAt).data as ArrayBuffer)],
    [sectionIds.text, Buffer.concat(rendered)],
  ];
  return frame(events.length, blockAt.length - 1, sections);
}

function indexBlocks(starts: Float64Array, ends: Float64Array, blockAt: Uint32Array): Flatbush {
  const index = new Flatbush(blockAt.length - 1);
  for (let block = 0; block < blockAt.length - 1; block++) {
    const [from, to] = [blockAt[block] ?? 0, blockAt[block + 1] ?? 0];
    const [min, max] = extent(ends.subarray(from, to));
    index.add(starts[from] ?? 0, min, starts[to - 1] ?? 0, max);
  }
  index.finish();
  return index;
}

function frame(events: number, blocks: number, sections: [number, Uint8Array][]): Uint8Array {
  let offset = aligned(headerBytes + sections.length * entryBytes);
  const offsets = sections.map(([, bytes]) => {
    const at = offset;
    offset = aligned(offset + bytes.length);
    return at;
  });
  const segment = new Uint8Array(offset);
  const view = new DataView(segment.buffer);
  sections.forEach(([id, bytes], i) => {
    const entry = [id, offsets[i] ?? 0, bytes.length];
    entry.forEach((value, field) => view.setUint32(headerBytes + i * entryBytes + field * 4, value, true));
    segment.set(bytes, offsets[i]);
  });
  const checksum = crc32(segment.subarray(headerBytes));
  [magic, format, events, blocks, sections.length, checksum].forEach((value, i) =>
    view.setUint32(i * 4, value, true),
  );
  return segment;
}

/** Throws with what it saw and what it wanted when the bytes are no whole segment of this format. */
export function decodeSegment(given: Uint8Array): Segment {
  const bytes = given.byteOffset % 8 === 0 ? given : new Uint8Array(given);
  expect(bytes.length >= headerBytes, `${bytes.length} bytes`, `at least ${headerBytes}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const [seenMagic, seenFormat, events, blocks, sections, checksum] = Array.from({ length: 6 }, (_, i) =>
    view.getUint32(i * 4, true),
  ) as [number, number, number, number, number, number];
  expect(seenMagic === magic, `magic ${seenMagic}`, magic);
  expect(seenFormat === format, `segment format ${seenFormat}`, format);
  const seenChecksum = crc32(bytes.subarray(headerBytes));
  expect(seenChecksum === checksum, `checksum ${seenChecksum}`, checksum);
  expect(
    sections <= sectionsMax && headerBytes + sections * entryBytes <= bytes.length,
    `${sections} sections`,
    `at most ${sectionsMax}`,
  );
  // The checksum does not cover the header: where the first section begins says how long the table is.
  const first = view.getUint32(headerBytes + 4, true);
  const tableEnd = aligned(headerBytes + sections * entryBytes);
  expect(first === tableEnd, `the first section at ${first}`, tableEnd);
  expect(
    events > 0 && blocks > 0 && blocks <= events,
    `${events} events in ${blocks} blocks`,
    'at least one of each',
  );

  const starts = column(Float64Array, bytes, sectionOf(bytes, view, sections, sectionIds.starts), events);
  const ends = column(Float64Array, bytes, sectionOf(bytes, view, sections, sectionIds.ends), events);
  const textAt = column(Uint32Array, bytes, sectionOf(bytes, view, sections, sectionIds.textAt), events + 1);
  const blockAt = column(
    Uint32Array,
    bytes,
    sectionOf(bytes, view, sections, sectionIds.blockAt),
    blocks + 1,
  );
  const text = sectionOf(bytes, view, sections, sectionIds.text);
  const index = sectionOf(bytes, view, sections, sectionIds.index);
  checkRising(textAt, text.length);
  checkRising(blockAt, events);
  for (let i = 1; i < events; i++)
    expect((starts[i] ?? 0) >= (starts[i - 1] ?? 0), `event ${i} out of order`, 'sorted by start');
  const flatbush = Flatbush.from(bytes.buffer, bytes.byteOffset + index.offset);
  expect(flatbush.numItems === blocks, `an index of ${flatbush.numItems} blocks`, blocks);

  const extents = Array.from({ length: blocks }, (_, block) =>
    extent(ends.subarray(blockAt[block], blockAt[block + 1])),
  );
  const [minEnd, maxEnd] = extent(ends);
  return {
    events,
    starts,
    ends,
    text: Buffer.from(bytes.buffer, bytes.byteOffset + text.offset, text.length),
    textAt,
    blockAt,
    index: flatbush,
    blockEndMax: Float64Array.from(extents, ([, max]) => max),
    minStart: starts[0] ?? 0,
    maxStart: starts[events - 1] ?? 0,
    minEnd,
    maxEnd,
  };
}

interface Section {
  readonly offset: number;
  readonly length: number;
}

function sectionOf(bytes: Uint8Array, view: DataView, sections: number, wanted: number): Section {
  for (let i = 0; i < sections; i++) {
    const at = headerBytes + i * entryBytes;
    if (view.getUint32(at, true) !== wanted) continue;
    const [offset, length] = [view.getUint32(at + 4, true), view.getUint32(at + 8, true)];
    expect(
      offset % 8 === 0 && offset + length <= bytes.length,
      `section ${wanted} at ${offset}+${length}`,
      `within ${bytes.length}`,
    );
    return { offset, length };
  }
  throw new Error(`Got a segment without section ${wanted}.`);
}

type Column = Float64Array | Uint32Array;

function column<T extends Column>(
  type: { new (buffer: ArrayBuffer, offset: number, length: number): T; readonly BYTES_PER_ELEMENT: number },
  bytes: Uint8Array,
  section: Section,
  length: number,
): T {
  expect(
    section.length === length * type.BYTES_PER_ELEMENT,
    `a column of ${section.length} bytes`,
    length * type.BYTES_PER_ELEMENT,
  );
  return new type(bytes.buffer as ArrayBuffer, bytes.byteOffset + section.offset, length);
}

function checkRising(offsets: Uint32Array, end: number): void {
  expect(
    offsets[0] === 0 && offsets.at(-1) === end,
    `offsets ${offsets[0]} to ${offsets.at(-1)}`,
    `0 to ${end}`,
  );
  for (let i = 1; i < offsets.length; i++)
    expect((offsets[i] ?? 0) > (offsets[i - 1] ?? 0), `offset ${i} not rising`, 'rising offsets');
}

function extent(values: Float64Array): [min: number, max: number] {
  let [min, max] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return [min, max];
}

const aligned = (offset: number): number => Math.ceil(offset / 8) * 8;

const bytesOf = (values: Column): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

function expect(holds: boolean, saw: string, wanted: string | number): asserts holds {
  if (!holds) throw new Error(`Got ${saw}, expected ${wanted}.`);
}
