// Reads the manifests of one store one after the other. Each has most entries in common with the one before: runs of them are found
// by comparing bytes, and their entries are shared. A worker reads thousands of entries per version between two answers.

import { release } from '#/kit/machine/release.ts';
import {
  bodyAt,
  checkedManifest,
  checkEntry,
  checkSum,
  listStart,
  parseManifest,
  type Head,
  type Manifest,
  type SegmentEntry,
} from '#/snapshot/manifest.ts';

export interface ManifestReader {
  /**
   * Keeps the bytes, or the larger buffer that they are a part of: nobody may use them any more. Throws, with what was got and what
   * was expected, when they are not a complete manifest of this format.
   */
  read(bytes: Buffer): Manifest;
}

/** The entries of a manifest and where they stand in its bytes. */
interface Listed {
  readonly segments: readonly SegmentEntry[];
  readonly bytes: Buffer;
  /** The offset of the list's inside. */
  readonly listAt: number;
  /** The offset of each entry, and of what follows the list. */
  readonly at: readonly number[];
}

const [open, close, end, comma] = [123, 125, 93, 44];

export function createManifestReader(): ManifestReader {
  let last: Listed = { segments: [], bytes: Buffer.alloc(0), listAt: 0, at: [0] };
  return {
    read(bytes) {
      checkSum(bytes);
      const listed = listIn(bytes, last);
      const head = listed === null ? null : headAround(listed);
      if (listed === null || head === null) return parseManifest(bytes);
      const manifest = checkedManifest({ ...head, segments: listed.segments }, true);
      if (last.bytes.buffer !== bytes.buffer) release(last.bytes);
      last = listed;
      return manifest;
    },
  };
}

/** Null when the list is not exactly as the encoder writes it: the manifest must be read as any JSON then. */
function listIn(bytes: Buffer, last: Listed): Listed | null {
  const listAt = bytes.indexOf(listStart, bodyAt) + listStart.length;
  if (listAt < bodyAt + listStart.length) return null;
  const segments: SegmentEntry[] = [];
  const starts: number[] = [];
  let at = listAt;
  for (let known = 0; bytes[at] === open;) {
    const first = known;
    const from = last.at[first] ?? 0;
    const same = commonLength(bytes, at, last.bytes, from);
    for (; (last.at[known + 1] ?? Infinity) - 1 - from <= same; known++) {
      segments.push(last.segments[known] as SegmentEntry);
      starts.push(at + (last.at[known] ?? 0) - from);
    }
    if (known > first) at += (last.at[known] ?? 0) - 1 - from;
    else {
      const read = entryAt(bytes, at, segments.length);
      if (read === null) return null;
      // Entries in between are gone.
      while ((last.segments[known]?.minStart ?? Infinity) <= read.entry.maxStart) known++;
      segments.push(isAt(last, known - 1, bytes.subarray(at, read.end)) ?? read.entry);
      starts.push(at);
      at = read.end;
    }
    if (bytes[at] === comma && bytes[at + 1] === open) at++;
    else if (bytes[at] !== end) return null;
  }
  return bytes[at] === end ? { segments, bytes, listAt, at: [...starts, at + 1] } : null;
}

/** Null when it is not the JSON of a valid entry. */
function entryAt(bytes: Buffer, at: number, i: number): { entry: SegmentEntry; end: number } | null {
  const behind = bytes.indexOf(close, at) + 1;
  try {
    const entry = JSON.parse(bytes.toString('latin1', at, behind)) as SegmentEntry;
    checkEntry(entry, i);
    return { entry, end: behind };
  } catch {
    return null;
  }
}

/** The entry that was read last at this place, if it had these bytes. */
function isAt(last: Listed, place: number, bytes: Uint8Array): SegmentEntry | null {
  const [from, next] = [last.at[place], last.at[place + 1]];
  if (from === undefined || next === undefined) return null;
  return last.bytes.subarray(from, next - 1).equals(bytes) ? (last.segments[place] ?? null) : null;
}

/** What stands around the list; null when the list is not that of the segments, or when another one comes later, which would count. */
function headAround({ bytes, listAt, at }: Listed): Head | null {
  const rest = bytes.toString('latin1', (at.at(-1) ?? 0) - 1, bytes.length - 1);
  if (rest.includes('segments') || rest.includes('\\')) return null;
  try {
    const head = JSON.parse(bytes.toString('latin1', bodyAt, listAt) + rest) as Head;
    // The list that was found may have been inside of another field.
    return Array.isArray(head.segments) && head.segments.length === 0 ? head : null;
  } catch {
    return null;
  }
}

const firstStep = 256;

/**
 * How many bytes are the same, or a few less near the end of either: compares ever longer parts, and halves the one that differs.
 */
function commonLength(a: Buffer, aFrom: number, b: Buffer, bFrom: number): number {
  const most = Math.min(a.length - aFrom, b.length - bFrom);
  let length = 0;
  let hasMissed = false;
  for (let step = firstStep; length < most && step > 0;) {
    const size = Math.min(step, most - length);
    const isSame =
      a.compare(b, bFrom + length, bFrom + length + size, aFrom + length, aFrom + length + size) === 0;
    if (isSame) length += size;
    else hasMissed = true;
    step = hasMissed ? size >> 1 : step * 2;
  }
  return length;
}
