// A cursor: where a walk through pages continues. It names the version, the query and the event returned last, with a checksum,
// as base64url. It holds nothing secret and grants nothing: the checksum protects from typing errors and from cursors that
// clients make up.
//
//   format u8 · version u48 · tag u32 · query u32 · segment u32 · place u32 · checksum 6 bytes

import { hash } from 'node:crypto';
import { refuse, type Refusal } from '#/domain/refusal.ts';
import type { Edition } from './edition.ts';
import { placeOf, refOf, segmentOf } from './refs.ts';

export interface Cursor {
  readonly version: number;
  /** See `Edition`. */
  readonly tag: number;
  /** The event returned last. */
  readonly after: number;
}

const format = 1;
const bodyBytes = 23;
const sumBytes = 6;
const textLength = Math.ceil(((bodyBytes + sumBytes) * 4) / 3);

/** `key`: see `keyOf` in query.ts. */
export function encodeCursor({ version, tag, after }: Cursor, key: string): string {
  const bytes = Buffer.alloc(bodyBytes + sumBytes);
  bytes.writeUInt8(format, 0);
  bytes.writeUIntBE(version, 1, 6);
  bytes.writeUInt32BE(tag, 7);
  bytes.writeUInt32BE(queryOf(key), 11);
  bytes.writeUInt32BE(segmentOf(after), 15);
  bytes.writeUInt32BE(placeOf(after), 19);
  sumOf(bytes).copy(bytes, bodyBytes);
  return bytes.toString('base64url');
}

export function decodeCursor(text: string, key: string): Cursor | Refusal {
  const bytes = Buffer.from(text, 'base64url');
  const isWhole =
    text.length === textLength &&
    bytes.length === bodyBytes + sumBytes &&
    bytes.readUInt8(0) === format &&
    sumOf(bytes).equals(bytes.subarray(bodyBytes));
  if (!isWhole)
    return refuse('cursor_invalid', 'Got a cursor that is damaged, expected one from an earlier answer.');
  if (bytes.readUInt32BE(11) !== queryOf(key))
    return refuse(
      'cursor_mismatch',
      'Got a cursor of another query, expected the same filters, sort_by and sort_dir as in the answer that it comes from.',
    );
  return {
    version: bytes.readUIntBE(1, 6),
    tag: bytes.readUInt32BE(7),
    after: refOf(bytes.readUInt32BE(15), bytes.readUInt32BE(19)),
  };
}

/** Whether the cursor points to an event of the edition. */
export const pointsInto = ({ segments }: Edition, { after }: Cursor): boolean =>
  placeOf(after) < (segments[segmentOf(after)]?.events ?? 0);

const queryOf = (key: string): number => hash('sha256', key, 'buffer').readUInt32BE();

const sumOf = (bytes: Buffer): Buffer =>
  hash(
    'sha256',
    Buffer.concat([Buffer.from('marquee cursor'), bytes.subarray(0, bodyBytes)]),
    'buffer',
  ).subarray(0, sumBytes);
