// A cursor: where a walk through pages continues. It names the version, the query and the event returned last, with a checksum,
// as base64url. It holds nothing secret and grants nothing: the checksum protects from typing errors and from cursors that
// clients make up.
//
//   format u8 · version u48 · tag u32 · query u32 · segment u32 · place u32 · checksum 6 bytes

import { checkedText, numberOf } from '#/search/checked-text.ts';
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

const checked = checkedText('marquee cursor', 1, 23);

/** `key`: see `keyOf` in query.ts. */
export const encodeCursor = ({ version, tag, after }: Cursor, key: string): string =>
  checked.encode((bytes) => {
    bytes.writeUIntBE(version, 1, 6);
    bytes.writeUInt32BE(tag, 7);
    bytes.writeUInt32BE(numberOf(key), 11);
    bytes.writeUInt32BE(segmentOf(after), 15);
    bytes.writeUInt32BE(placeOf(after), 19);
  });

export function decodeCursor(text: string, key: string): Cursor | Refusal {
  const bytes = checked.decode(text);
  if (bytes === null)
    return refuse('cursor_invalid', 'Got a cursor that is damaged, expected one from an earlier answer.');
  if (bytes.readUInt32BE(11) !== numberOf(key))
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
