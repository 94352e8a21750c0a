// A change token: what a client has. It names the version that the client's copy is of, and, between two pages, the version that
// the pages lead to and how many changes the client has received. With a checksum, as base64url. It holds nothing secret and grants
// nothing: the checksum protects from typing errors and from tokens that clients make up.
//
//   format u8 · base: version u48, tag u32 · target: version u48, tag u32 · received u32 · provider u32 · checksum 7 bytes

import { hash } from 'node:crypto';
import { refuse, type Refusal } from '#/domain/refusal.ts';

/** A version of the catalogue. The tag is that of its edition: other archives may give the same number to other events. */
export interface VersionName {
  readonly version: number;
  readonly tag: number;
}

export interface Position {
  /** What the client's copy is complete to; null when it has nothing. */
  readonly base: VersionName | null;
  /** The version that the client is on the way to; null when it is complete to `base`. */
  readonly target: VersionName | null;
  /** Changes from `base` to `target` that the client has, of all providers. */
  readonly received: number;
}

export const beginning: Position = { base: null, target: null, received: 0 };

const format = 1;
const bodyBytes = 29;
// Together a multiple of three: no character of the text has unused bits.
const sumBytes = 7;
const textLength = ((bodyBytes + sumBytes) / 3) * 4;

/** `provider`: the only one whose events the client receives; null for all. */
export function encodeToken({ base, target, received }: Position, provider: string | null): string {
  const bytes = Buffer.alloc(bodyBytes + sumBytes);
  bytes.writeUInt8(format, 0);
  writeVersion(bytes, base, 1);
  writeVersion(bytes, target, 11);
  bytes.writeUInt32BE(received, 21);
  bytes.writeUInt32BE(numberOf(provider), 25);
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
  if (bytes.readUInt32BE(25) !== numberOf(provider))
    return refuse(
      'token_mismatch',
      'Got a change token of another provider, expected the same provider as in the answer that it comes from.',
    );
  return { base: readVersion(bytes, 1), target: readVersion(bytes, 11), received: bytes.readUInt32BE(21) };
}

function writeVersion(bytes: Buffer, name: VersionName | null, at: number): void {
  bytes.writeUIntBE(name?.version ?? 0, at, 6);
  bytes.writeUInt32BE(name?.tag ?? 0, at + 6);
}

/** Version 0 is the empty catalogue before the first publish. */
function readVersion(bytes: Buffer, at: number): VersionName | null {
  const version = bytes.readUIntBE(at, 6);
  return version === 0 ? null : { version, tag: bytes.readUInt32BE(at + 6) };
}

const numberOf = (provider: string | null): number =>
  provider === null ? 0 : hash('sha256', provider, 'buffer').readUInt32BE();

const sumOf = (bytes: Buffer): Buffer =>
  hash(
    'sha256',
    Buffer.concat([Buffer.from('marquee change token'), bytes.subarray(0, bodyBytes)]),
    'buffer',
  ).subarray(0, sumBytes);
