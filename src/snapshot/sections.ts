// The frame of a segment: a header, a table of sections, a checksum over both. Little-endian throughout. Writer and reader
// check the same things: what one writes, the other must find.
//
//   magic u32 · format u32 · events u32 · blocks u32 · sections u32 · crc32 u32 (of all that follows)
//   section table: id u32 · offset u32 · length u32 · 0 u32      sections, each at a multiple of 8
//
// A reader passes over sections that it does not know.

import { crc32 } from 'node:zlib';

const magic = 0x5145_534d;
const format = 2;
const headerBytes = 24;
const entryBytes = 16;
const sectionsMax = 64;

export type Column = Float64Array | Uint32Array;

interface ColumnType<T extends Column> {
  new (buffer: ArrayBuffer, offset: number, length: number): T;
  readonly BYTES_PER_ELEMENT: number;
}

export function writeSections(
  events: number,
  blocks: number,
  sections: readonly (readonly [id: number, bytes: Uint8Array])[],
): Uint8Array {
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

export interface Sections {
  readonly events: number;
  readonly blocks: number;
  bytes(id: number): Buffer;
  /** A view of exactly `length` numbers. */
  column<T extends Column>(id: number, type: ColumnType<T>, length: number): T;
}

/** Throws with what it saw and what it wanted when the frame is not whole. `given` is kept, and must not change. */
export function readSections(given: Uint8Array): Sections {
  const bytes = given.byteOffset % 8 === 0 ? given : new Uint8Array(given);
  expect(bytes.length >= headerBytes, `${bytes.length} bytes`, `at least ${headerBytes}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const field = (i: number): number => view.getUint32(i * 4, true);
  const [seenMagic, seenFormat, events, blocks, sections] = [
    field(0),
    field(1),
    field(2),
    field(3),
    field(4),
  ];
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
  // The checksum does not cover the header: where the first section begins says how long the table is.
  const first = view.getUint32(headerBytes + 4, true);
  expect(first === tableEnd, `the first section at ${first}`, tableEnd);
  expect(
    events > 0 && blocks > 0 && blocks <= events,
    `${events} events in ${blocks} blocks`,
    'at least one of each',
  );

  function placeOf(id: number): [offset: number, length: number] {
    for (let i = 0; i < sections; i++) {
      const at = headerBytes + i * entryBytes;
      if (view.getUint32(at, true) !== id) continue;
      const [offset, length] = [view.getUint32(at + 4, true), view.getUint32(at + 8, true)];
      const inside = offset % 8 === 0 && offset + length <= bytes.length;
      expect(inside, `section ${id} at ${offset}+${length}`, `within ${bytes.length}`);
      return [bytes.byteOffset + offset, length];
    }
    throw new Error(`Got a segment without section ${id}.`);
  }

  return {
    events,
    blocks,
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

export function expect(holds: boolean, saw: string, wanted: string | number): asserts holds {
  if (!holds) throw new Error(`Got ${saw}, expected ${wanted}.`);
}

const aligned = (offset: number): number => Math.ceil(offset / 8) * 8;
