// Decodes a block of a companion.

import { inflateRaw } from 'node:zlib';
import { promisify } from 'node:util';
import type { Sighted } from '#/domain/event.ts';
import { expect } from '#/snapshot/sections.ts';
import { firstPlaceOf, instantBytes, kinds, type CompanionTable } from './format.ts';

/** The events of one block. */
export interface OpenBlock {
  /** Bytes of memory, roughly. */
  readonly size: number;
  at(place: number): Sighted;
}

const inflate = promisify(inflateRaw);
const inflatedMax = 64_000_000;

/** `bytes`: checked. Rejects when they cannot be inflated. */
export async function openBlock(table: CompanionTable, block: number, bytes: Uint8Array): Promise<OpenBlock> {
  const isSingle = bytes[0] === kinds.single;
  const deflated = bytes.subarray(isSingle ? 1 + instantBytes : 1);
  const text = (await inflate(deflated, { maxOutputLength: inflatedMax })).toString();
  if (isSingle) {
    const view = new DataView(bytes.buffer, bytes.byteOffset + 1, instantBytes);
    const [firstSeenAt, lastSeenAt, lastOnlineAt] = [0, 8, 16].map((at) => view.getFloat64(at, true)) as [
      number,
      number,
      number,
    ];
    const sighted = {
      firstSeenAt,
      lastSeenAt: orNull(lastSeenAt),
      lastOnlineAt: orNull(lastOnlineAt),
      zones: text,
    };
    return { size: 2 * text.length + 100, at: () => sighted };
  }
  const lines = text.split('\n');
  const first = firstPlaceOf(table, block);
  return { size: 2 * text.length + 100 * lines.length, at: (place) => sightedIn(lines[place - first] ?? '') };
}

const orNull = (instant: number): number | null => (Number.isNaN(instant) ? null : instant);

const line = /^\[(\d+),(\d+|null),(\d+|null),(.*)\]$/s;

const instantOf = (word: string | undefined): number | null => (word === 'null' ? null : Number(word));

function sightedIn(text: string): Sighted {
  const [, first, lastSeen, lastOnline, zones = ''] = line.exec(text) ?? [];
  expect(first !== undefined, `the line ${text.slice(0, 60)}`, 'one of a companion');
  return {
    firstSeenAt: Number(first),
    lastSeenAt: instantOf(lastSeen),
    lastOnlineAt: instantOf(lastOnline),
    zones,
  };
}
