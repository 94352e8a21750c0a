// A change token: what a client has. It names the version that the client's copy is of, and, between two pages, the version that
// the pages lead to and how many changes the client has received. With a checksum, as base64url. It holds nothing secret and grants
// nothing: the checksum protects from typing errors and from tokens that clients make up.
//
//   format u8 · from the journal u8 · base · target · received u48 · provider u32 · checksum 6 bytes
//   base, target: version u48, tag u32, and of its archive: seq u48, archive u32, stamp u32

import { hash } from 'node:crypto';
import type { PublishedVersion } from '#/domain/journaled.ts';
import { refuse, type Refusal } from '#/domain/refusal.ts';

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
   * 0 before the first page.
   */
  readonly received: number;
  readonly isFromJournal: boolean;
}

export const beginning: Position = { base: null, target: null, received: 0, isFromJournal: false };

const format = 1;
const versionBytes = 24;
const at = { isFromJournal: 1, base: 2, target: 2 + versionBytes, received: 50, provider: 56 };
// Together a multiple of three: no character of the text has unused bits.
const bodyBytes = 60;
const sumBytes = 6;
const textLength = ((bodyBytes + sumBytes) / 3) * 4;

/** `provider`: the only one whose events the client receives; null for all. */
export function encodeToken(position: Position, provider: string | null): string {
  const { base, target, received, isFromJournal } = position;
  const bytes = Buffer.alloc(bodyBytes + sumBytes);
  bytes.writeUInt8(format, 0);
  bytes.writeUInt8(Number(isFromJournal), at.isFromJournal);
  writeVersion(bytes, base, at.base);
  writeVersion(bytes, target, at.target);
  bytes.writeUIntBE(received, at.received, 6);
  bytes.writeUInt32BE(numberOf(provider), at.provider);
  sumOf(bytes).copy(bytes, bodyBytes);
  return bytes.toString('base64url');
}

export function decodeToken(text: string, provider: string | null): Position | Refusal {
  const bytes = Buffer.from(text, 'base64url');
  const isWhole =
    text.length === textLength &&
    bytes.length === bodyBytes + sumBytes &&
    bytes.readUInt8(0) === format &&
    sumOf(bytes).equals(bytes.subarray(bodyBytes));
  if (!isWhole)
    return refuse(
      'token_invalid',
      'Got a change token that is damaged, expected one from an earlier answer.',
    );
  if (bytes.readUInt32BE(at.provider) !== numberOf(provider))
    return refuse(
      'token_mismatch',
      'Got a change token of another provider, expected the same provider as in the answer that it comes from.',
    );
  return {
    base: readVersion(bytes, at.base),
    target: readVersion(bytes, at.target),
    received: bytes.readUIntBE(at.received, 6),
    isFromJournal: bytes.readUInt8(at.isFromJournal) === 1,
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

const numberOf = (provider: string | null): number =>
  provider === null ? 0 : hash('sha256', provider, 'buffer').readUInt32BE();

const sumOf = (bytes: Buffer): Buffer =>
  hash(
    'sha256',
    Buffer.concat([Buffer.from('marquee change token'), bytes.subarray(0, bodyBytes)]),
    'buffer',
  ).subarray(0, sumBytes);
