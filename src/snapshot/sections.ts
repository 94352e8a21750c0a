// The container format of a segment: a header, a table of sections, a checksum. Little-endian throughout. The writer and the
// reader check the same invariants.
//
//   magic u32 · format u32 · events u32 · long events u32 · sections u32 · crc32 u32 (of all bytes that follow)
//   section table: id u32 · offset u32 · length u32 · 0 u32      sections, each at a multiple of 8
//
// A reader ignores sections with unknown ids.

import { crc32 } from 'node:zlib';

const magic = 0x5145_534d;
const format = 3;
const headerBytes = 24;
const entryBytes = 16;
const sectionsMax = 64;

export type Column = Float64Array | Uint32Array;

interface ColumnType<T extends Column> {
  new (buffer: ArrayBuffer, offset: number, length: number): T;
  readonly BYTES_PER_ELEMENT: number;
}

export type Section = readonly [id: number, bytes: Uint8Array];

/** `long`: how many of the events are in the long layer. */
export function writeSections(events: number, long: number, sections: readonly Section[]): Uint8Array {
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
  [magic, format, events, long, sections.length, checksum].forEach((value, i) =>
    view.setUint32(i * 4, value, true),
  );
  return segment;
}

export interface Sections {
  readonly events: number;
  readonly long: number;
  has(id: number): boolean;
  bytes(id: number): Buffer;
  /** A view of the section as exactly `length` numbers. */
  column<T extends Column>(id: number, type: ColumnType<T>, length: number): T;
}

/** Throws, with what was got and what was expected, when the container is damaged. It keeps `given`, which must not change. */
export function readSections(given: Uint8Array): Sections {
  // A slice of a larger buffer would keep all of that buffer in memory, and may not be aligned.
  const bytes = given.byteLength === given.buffer.byteLength ? given : new Uint8Array(given);
  expect(bytes.length >= headerBytes, `${bytes.length} bytes`, `at least ${headerBytes}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const field = (i: number): number => view.getUint32(i * 4, true);
  const [seenMagic, seenFormat, events, long, sections] = [field(0), field(1), field(2), field(3), field(4)];
  expect(seenMagic === magic, `magic ${seenMagic}`, magic);
  expect(seenFormat === format, `segment format ${seenFormat}`, format);
  const checksum = crc32(bytes.subarray(headerBytes));
  expect(checksum === field(5), `checksum ${checksum}`, field(5));
  const tableEnd = aligned(headerBytes + sections * entryBytes);
  expect(
    sections <= sectionsMax && tableEnd <= bytes.length,
    `${sections} sections`,
    `at most ${sectionsMax}`,
  );
  // The checksum does not cover the header. The offset of the first section confirms the number of sections.
  const first = view.getUint32(headerBytes + 4, true);
  expect(first === tableEnd, `the first section at ${first}`, tableEnd);
  expect(
    events > 0 && long <= events,
    `${events} events, ${long} of them long`,
    'at least one event, and at most as many long ones',
  );

  /** The offset of its entry in the table; -1 when there is none. */
  function entryOf(id: number): number {
    for (let i = 0; i < sections; i++) {
      const at = headerBytes + i * entryBytes;
      if (view.getUint32(at, true) === id) return at;
    }
    return -1;
  }

  function placeOf(id: number): [offset: number, length: number] {
    const at = entryOf(id);
    if (at < 0) throw new Error(`Got a segment without section ${id}.`);
    const [offset, length] = [view.getUint32(at + 4, true), view.getUint32(at + 8, true)];
    const inside = offset % 8 === 0 && offset + length <= bytes.length;
    expect(inside, `section ${id} at ${offset}+${length}`, `within ${bytes.length}`);
    return [bytes.byteOffset + offset, length];
  }

  return {
    events,
    long,
    has: (id) => entryOf(id) >= 0,
    bytes: (id) => Buffer.from(bytes.buffer, ...placeOf(id)),
    column(id, type, length) {
      const [offset, size] = placeOf(id);
      expect(
        size === length * type.BYTES_PER_ELEMENT,
        `a column of ${size} bytes`,
        length * type.BYTES_PER_ELEMENT,
      );
      return new type(bytes.buffer as ArrayBuffer, offset, length);
    },
  };
}

export const bytesOf = (values: Column): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

/** Not in a loop over events: the caller makes both texts also when the check holds. */
export function expect(holds: boolean, saw: string, wanted: string | number): asserts holds {
  if (!holds) throw unexpected(saw, wanted);
}

/** The error of a failed check. A loop over events calls it only then. */
export const unexpected = (saw: string, wanted: string | number): Error =>
  new Error(`Got ${saw}, expected ${wanted}.`);

export function checkRising(offsets: Column, end: number): void {
  expect(
    offsets[0] === 0 && offsets.at(-1) === end,
    `offsets ${offsets[0]} to ${offsets.at(-1)}`,
    `0 to ${end}`,
  );
  for (let i = 1; i < offsets.length; i++) {
    if ((offsets[i] ?? 0) > (offsets[i - 1] ?? 0)) continue;
    throw unexpected(`offset ${i} not above the previous`, 'rising offsets');
  }
}

const aligned = (offset: number): number => Math.ceil(offset / 8) * 8;
