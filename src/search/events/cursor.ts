// A cursor: where a walk through pages continues. It names the version, the query and the event returned last, with a checksum,
// as base64url. It holds nothing secret and grants nothing: the checksum protects from typing errors and from cursors that
// clients make up.
//
//   format u8 · version u48 · tag u32 · query u32 · segment u32 · place u32 · checksum u32

import { refuse, type Refusal } from '#/domain/refusal.ts';
import { hashOfText } from '#/kit/text-hash.ts';
import type { Edition } from './edition.ts';
import { placeOf, refOf, segmentOf } from './refs.ts';

export interface Cursor {
  readonly version: number;
  /** See `Edition`. */
  readonly tag: number;
  /** The event returned last. */
  readonly after: number;
}

const format = 2;
const [bodyBytes, length] = [23, 27];
/** Of format 1, which earlier releases wrote. */
const earlierLength = 29;
const textLength = Math.ceil((length * 4) / 3);
/** Reused: a cursor is encoded and decoded at once. */
const bytes = Buffer.alloc(length);

const sumOf = (whole: Buffer): number => hashOfText(whole.toString('latin1', 0, bodyBytes));

/** `key`: see `keyOf` in query.ts. */
export function encodeCursor({ version, tag, after }: Cursor, key: string): string {
  bytes.writeUInt8(format, 0);
  bytes.writeUIntBE(version, 1, 6);
  bytes.writeUInt32BE(tag, 7);
  bytes.writeUInt32BE(hashOfText(key), 11);
  bytes.writeUInt32BE(segmentOf(after), 15);
  bytes.writeUInt32BE(placeOf(after), 19);
  bytes.writeUInt32BE(sumOf(bytes), bodyBytes);
  return bytes.toString('base64url');
}

/** `cursor_expired` for one of an earlier release: its walk begins again. */
export function decodeCursor(text: string, key: string): Cursor | Refusal {
  const whole = Buffer.from(text, 'base64url');
  const isWhole =
    text.length === textLength &&
    whole.length === length &&
    whole.readUInt8(0) === format &&
    whole.readUInt32BE(bodyBytes) === sumOf(whole);
  if (whole.length === earlierLength && whole.readUInt8(0) === 1)
    return refuse('cursor_expired', 'Got a cursor of an earlier release; begin again without a cursor.');
  if (!isWhole)
    return refuse('cursor_invalid', 'Got a cursor that is damaged, expected one from an earlier answer.');
  if (whole.readUInt32BE(11) !== hashOfText(key))
    return refuse(
      'cursor_mismatch',
      'Got a cursor of another query, expected the same filters, sort_by and sort_dir as in the answer that it comes from.',
    );
  return {
    version: whole.readUIntBE(1, 6),
    tag: whole.readUInt32BE(7),
    after: refOf(whole.readUInt32BE(15), whole.readUInt32BE(19)),
  };
}

/** Whether the cursor points to an event of the edition. */
export const pointsInto = ({ segments }: Edition, { after }: Cursor): boolean =>
  placeOf(after) < (segments[segmentOf(after)]?.events ?? 0);
