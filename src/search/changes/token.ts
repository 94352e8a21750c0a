// A change token: what a client has. It names the version that the client's copy is of, and, between two pages, the version that
// the pages lead to and how many changes the client has received. In a first walk it names the last event of the copy. With a
// checksum, as base64url. It holds nothing secret and grants nothing: the checksum protects from typing errors and from tokens that
// clients make up.
//
//   format u8 · flags u8 · base · target · received u48 · provider u32 · up to · seen u48 · checksum 6 bytes
//   flags: 1 from the journal, 2 has `up to`, 4 that is a long event
//   base, target: version u48, tag u32, and of its archive: seq u48, archive u32, stamp u32
//   up to: start f64, id 16 bytes

import type { PublishedVersion } from '#/domain/journaled.ts';
import { refuse, type Refusal } from '#/domain/refusal.ts';
import { checkedText, numberOf } from '#/search/checked-text.ts';
import { uuidIn } from '#/domain/identity.ts';
import type { RowPlace } from './rows.ts';

/** A version of the catalogue. The tag is that of its edition: other archives may give the same number to other events. */
export interface VersionName {
  readonly version: number;
  readonly tag: number;
  /** Null when its archive is unknown. */
  readonly published: PublishedVersion | null;
}

export interface Position {
  /** What the client's copy is complete to; null when it has nothing. */
  readonly base: VersionName | null;
  /** The version that the client is on the way to; null when it is complete to `base`. */
  readonly target: VersionName | null;
  /**
   * Where it is on the way: changes from `base` to `target`, of all providers; or, from the journal, the last sequence number,
   * 0 before the first page. Without a target, in a first walk: 1 when the client has received events of `base`, 0 before.
   */
  readonly received: number;
  readonly isFromJournal: boolean;
  /** In a first walk: the copy has the events up to this one; null when it has all of them, or nothing. */
  readonly upTo: RowPlace | null;
  /** From the journal: the last sequence number of a version after `target` that a page was read from; 0 without such a page. */
  readonly seen: number;
}

export const beginning: Position = {
  base: null,
  target: null,
  received: 0,
  isFromJournal: false,
  upTo: null,
  seen: 0,
};

const at = { flags: 1, base: 2, target: 26, received: 50, provider: 56, start: 60, id: 68, seen: 84 };
const idBytes = 16;
const flags = { isFromJournal: 1, hasUpTo: 2, isLong: 4 };
// With the checksum a multiple of three: no character of the text has unused bits.
const checked = checkedText('marquee change token', 2, 90);

/** `provider`: the only one whose events the client receives; null for all. */
export const encodeToken = (
  { base, target, received, isFromJournal, upTo, seen }: Position,
  provider: string | null,
): string =>
  checked.encode((bytes) => {
    const walk = upTo === null ? 0 : flags.hasUpTo | (upTo.isLong ? flags.isLong : 0);
    bytes.writeUInt8((isFromJournal ? flags.isFromJournal : 0) | walk, at.flags);
    writeVersion(bytes, base, at.base);
    writeVersion(bytes, target, at.target);
    bytes.writeUIntBE(received, at.received, 6);
    bytes.writeUInt32BE(numberOfProvider(provider), at.provider);
    bytes.writeDoubleBE(upTo?.start ?? 0, at.start);
    if (upTo !== null) Buffer.from(upTo.id.replaceAll('-', ''), 'hex').copy(bytes, at.id);
    bytes.writeUIntBE(seen, at.seen, 6);
  });

export function decodeToken(text: string, provider: string | null): Position | Refusal {
  const bytes = checked.decode(text);
  if (bytes === null)
    return refuse(
      'token_invalid',
      'Got a change token that is damaged, expected one from an earlier answer.',
    );
  if (bytes.readUInt32BE(at.provider) !== numberOfProvider(provider))
    return refuse(
      'token_mismatch',
      'Got a change token of another provider, expected the same provider as in the answer that it comes from.',
    );
  const set = bytes.readUInt8(at.flags);
  const id = bytes.toString('hex', at.id, at.id + idBytes);
  return {
    base: readVersion(bytes, at.base),
    target: readVersion(bytes, at.target),
    received: bytes.readUIntBE(at.received, 6),
    isFromJournal: (set & flags.isFromJournal) !== 0,
    upTo:
      (set & flags.hasUpTo) === 0
        ? null
        : { isLong: (set & flags.isLong) !== 0, start: bytes.readDoubleBE(at.start), id: uuidIn(id) },
    seen: bytes.readUIntBE(at.seen, 6),
  };
}

function writeVersion(bytes: Buffer, name: VersionName | null, from: number): void {
  bytes.writeUIntBE(name?.version ?? 0, from, 6);
  bytes.writeUInt32BE(name?.tag ?? 0, from + 6);
  bytes.writeUIntBE(name?.published?.seq ?? 0, from + 10, 6);
  bytes.writeUInt32BE(name?.published?.archive ?? 0, from + 16);
  bytes.writeUInt32BE(name?.published?.stamp ?? 0, from + 20);
}

/** Version 0 is the empty catalogue before the first publish. */
function readVersion(bytes: Buffer, from: number): VersionName | null {
  const version = bytes.readUIntBE(from, 6);
  if (version === 0) return null;
  const [archive, stamp] = [bytes.readUInt32BE(from + 16), bytes.readUInt32BE(from + 20)];
  const published = { version, seq: bytes.readUIntBE(from + 10, 6), archive, stamp };
  return {
    version,
    tag: bytes.readUInt32BE(from + 6),
    published: archive === 0 && stamp === 0 ? null : published,
  };
}

const numberOfProvider = (provider: string | null): number => (provider === null ? 0 : numberOf(provider));
