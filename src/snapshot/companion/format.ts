// The companion of a segment: what only single events say, that is their zones and when they were seen. It is stored next to the
// segment under the same name, and read in parts when it is asked for. Little-endian throughout.
//
//   magic u32 · format u32 · events u32 · blocks u32 · name of the segment, 32 bytes · crc32 u32 of the table · 0 u32
//   table: for each block, first place u32 · offset u32 · crc32 u32; at the end, the number of events and the length of all
//   blocks: kind u8, then
//     0: a raw deflate stream of lines of JSON, one per event: first seen, last seen, last online, rows of zones
//     1: one event: the three instants as f64, NaN for null, then a raw deflate stream of the rows of zones

import { crc32 } from 'node:zlib';
import { expect } from '#/snapshot/sections.ts';

const magic = 0x504d_434d;
const format = 1;
export const headBytes = 56;
export const entryBytes = 12;
const nameAt = 16;
const crcAt = 48;
export const kinds = { lines: 0, single: 1 } as const;
export const instantBytes = 24;
const blocksMax = 10_000_000;

export interface Block {
  readonly firstPlace: number;
  readonly bytes: Uint8Array;
}

export interface CompanionTable {
  readonly events: number;
  readonly blocks: number;
  /** See above. */
  readonly table: DataView;
}

/** `name`: of the segment, 64 hex digits. */
export function writeCompanion(name: string, events: number, blocks: readonly Block[]): Uint8Array {
  const tableEnd = headBytes + (blocks.length + 1) * entryBytes;
  const companion = new Uint8Array(blocks.reduce((sum, { bytes }) => sum + bytes.length, tableEnd));
  const view = new DataView(companion.buffer);
  let offset = tableEnd;
  for (const [i, { firstPlace, bytes }] of blocks.entries()) {
    putEntry(view, i, [firstPlace, offset, crc32(bytes)]);
    companion.set(bytes, offset);
    offset += bytes.length;
  }
  putEntry(view, blocks.length, [events, offset, 0]);
  [magic, format, events, blocks.length].forEach((value, i) => view.setUint32(i * 4, value, true));
  companion.set(Buffer.from(name, 'hex'), nameAt);
  view.setUint32(crcAt, crc32(companion.subarray(headBytes, tableEnd)), true);
  return companion;
}

function putEntry(view: DataView, block: number, entry: readonly [number, number, number]): void {
  entry.forEach((value, i) => view.setUint32(headBytes + block * entryBytes + i * 4, value, true));
}

/** The length of the head and the table. Throws when `head`, the first bytes of a companion, are not of that of the segment. */
export function tableLength(head: Uint8Array, name: string): number {
  expect(head.length >= headBytes, `${head.length} bytes`, `at least ${headBytes}`);
  const view = viewOf(head);
  const field = (i: number): number => view.getUint32(i * 4, true);
  expect(field(0) === magic, `magic ${field(0)}`, magic);
  expect(field(1) === format, `companion format ${field(1)}`, format);
  const seen = Buffer.from(head.subarray(nameAt, crcAt)).toString('hex');
  expect(seen === name, `the companion of ${seen}`, `that of ${name}`);
  expect(field(3) <= blocksMax, `${field(3)} blocks`, `at most ${blocksMax}`);
  return headBytes + (field(3) + 1) * entryBytes;
}

/** `bytes`: the head and the table, and possibly more. Throws when they are damaged, or not of the segment. */
export function readTable(bytes: Uint8Array, name: string): CompanionTable {
  const end = tableLength(bytes, name);
  expect(bytes.length >= end, `${bytes.length} bytes`, `at least ${end}`);
  const own = bytes.slice(0, end);
  const view = viewOf(own);
  const checksum = crc32(own.subarray(headBytes));
  expect(checksum === view.getUint32(crcAt, true), `checksum ${checksum}`, view.getUint32(crcAt, true));
  return { events: view.getUint32(8, true), blocks: view.getUint32(12, true), table: view };
}

const fieldAt = ({ table }: CompanionTable, block: number, i: number): number =>
  table.getUint32(headBytes + block * entryBytes + i * 4, true);

export const firstPlaceOf = (table: CompanionTable, block: number): number => fieldAt(table, block, 0);

/** Where a block is in the companion. */
export function rangeOf(
  table: CompanionTable,
  block: number,
): { readonly from: number; readonly to: number } {
  return { from: fieldAt(table, block, 1), to: fieldAt(table, block + 1, 1) };
}

/** The block that has the event at a place. */
export function blockAt(table: CompanionTable, place: number): number {
  expect(place < table.events, `place ${place}`, `one of ${table.events}`);
  let [low, high] = [0, table.blocks];
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (firstPlaceOf(table, middle) <= place) low = middle;
    else high = middle;
  }
  return low;
}

/** Throws when the bytes are not those of the block. */
export function checkBlock(table: CompanionTable, block: number, bytes: Uint8Array): void {
  const checksum = crc32(bytes);
  const expected = fieldAt(table, block, 2);
  expect(checksum === expected, `a block with checksum ${checksum}`, expected);
}

/** Whether the bytes are a complete companion of the segment. */
export function isWholeCompanion(bytes: Uint8Array, name: string): boolean {
  try {
    const table = readTable(bytes, name);
    expect(
      bytes.length === rangeOf(table, table.blocks - 1).to,
      `${bytes.length} bytes`,
      'those of its blocks',
    );
    for (let block = 0; block < table.blocks; block++) {
      const { from, to } = rangeOf(table, block);
      checkBlock(table, block, bytes.subarray(from, to));
    }
    return true;
  } catch {
    return false;
  }
}

const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
