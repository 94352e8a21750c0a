// A manifest is one version of the catalogue: the list of its segments. It is stored as a line with the SHA-256 of the rest,
// followed by the rest as JSON. Both the encoder and the decoder check it, without zod: a worker reads thousands of entries per
// version between answers, where zod takes more than twice as long; and only for this it would load a hundred modules.
//
// A version has most entries in common with the one before. The encoder remembers the text of each entry that it has checked; for those
// that are read, see store/manifests/reader.ts.

import { hash } from 'node:crypto';

export interface SegmentEntry {
  /** `2021`, `2021-06` or `2021-06-30`. */
  readonly key: string;
  /** SHA-256 of the segment's bytes, in hex: its name in every store. */
  readonly hash: string;
  readonly events: number;
  readonly bytes: number;
  /** Milliseconds since 1970 UTC, over the segment's events. */
  readonly minStart: number;
  readonly maxStart: number;
  readonly minEnd: number;
  readonly maxEnd: number;
}

/** The archive that a manifest was built from. */
export interface Origin {
  /** The archive's identity: 32 random hex digits, chosen when it was created. */
  readonly archive: string;
  /** The last sequence number of the journal that the catalogue contains. */
  readonly seq: number;
  /** 32 random hex digits, chosen with the version number. An archive that does not have them did not make this version. */
  readonly stamp: string;
}

export interface Manifest {
  /** A counter from 1, independent of the clock. */
  readonly version: number;
  /** In order of time. */
  readonly segments: readonly SegmentEntry[];
  /** Absent from manifests of earlier versions of Marquee. */
  readonly origin?: Origin;
}

/** Increases with the segment format as well: a publisher that cannot read the last manifest rebuilds everything. */
const format = 2;
const segmentsMax = 1_000_000;

interface Field {
  readonly name: string;
  readonly holds: (value: unknown) => boolean;
  readonly wanted: string;
}

const isText = (form: RegExp) => (value: unknown) => typeof value === 'string' && form.test(value);
const isCount = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
const isAmount = (value: unknown) => isCount(value) && value !== 0;
const drawn = { holds: isText(/^[0-9a-f]{32}$/), wanted: '32 hex digits' };
const headFields: readonly Field[] = [
  { name: 'format', holds: (value) => value === format, wanted: String(format) },
  { name: 'version', holds: isAmount, wanted: 'a whole number from 1' },
  { name: 'events', holds: isCount, wanted: 'a whole number from 0' },
  {
    name: 'segments',
    holds: (value) => Array.isArray(value) && value.length <= segmentsMax,
    wanted: `a list of at most ${segmentsMax} segments`,
  },
];
const originFields: readonly Field[] = [
  { name: 'archive', ...drawn },
  { name: 'seq', holds: isCount, wanted: 'a whole number from 0' },
  { name: 'stamp', ...drawn },
];
const segmentFields: readonly Field[] = [
  { name: 'key', holds: isText(/^-?\d{4,5}(-\d\d(-\d\d)?)?$/), wanted: 'a year, a month or a day' },
  { name: 'hash', holds: isText(/^[0-9a-f]{64}$/), wanted: '64 hex digits' },
  { name: 'events', holds: isAmount, wanted: 'a whole number from 1' },
  { name: 'bytes', holds: isAmount, wanted: 'a whole number from 1' },
  ...(['minStart', 'maxStart', 'minEnd', 'maxEnd'] as const).map((name) => ({
    name,
    holds: Number.isSafeInteger,
    wanted: 'a whole number of milliseconds since 1970',
  })),
];

export const segmentName = (bytes: Uint8Array): string => hash('sha256', bytes, 'hex');

export const eventsIn = (manifest: Pick<Manifest, 'segments'>): number =>
  manifest.segments.reduce((sum, segment) => sum + segment.events, 0);

/**
 * Finds the place in `list`, which is in order of time, of what begins at `minStart`, if anything does. To be asked in the same order,
 * so that one pass finds all.
 */
export function placesIn(list: readonly { readonly minStart: number }[]): (minStart: number) => number {
  let at = 0;
  return (minStart) => {
    while ((list[at]?.minStart ?? Infinity) < minStart) at++;
    return at;
  };
}

/** The entries of `before` that `after` does not have. Both in order of time. */
export function replacedEntries(
  before: readonly SegmentEntry[],
  after: readonly SegmentEntry[],
): SegmentEntry[] {
  const placeOf = placesIn(after);
  return before.filter((entry) => after[placeOf(entry.minStart)]?.hash !== entry.hash);
}

/** Of entries that were checked. */
const texts = new WeakMap<SegmentEntry, string>();

export function encodeManifest(manifest: Manifest): string {
  const head = { format, events: eventsIn(manifest), ...manifest };
  checkHead(head);
  const entries = manifest.segments.map(textOf);
  checkOrder(head);
  const body = JSON.stringify({ ...head, segments: [] }).replace(
    listStart,
    () => listStart + entries.join(','),
  );
  return `${hash('sha256', body, 'hex')}\n${body}\n`;
}

/** Throws, with what was got and what was expected, when the text is not a complete manifest of this format. */
export function decodeManifest(text: string): Manifest {
  const bytes = Buffer.from(text);
  checkSum(bytes);
  return parseManifest(bytes);
}

/** The offset of the JSON of a manifest, behind the line with its checksum. */
export const bodyAt = 65;
const newline = 10;

/** Throws unless the first of exactly two lines is the checksum of the second. */
export function checkSum(bytes: Buffer): void {
  const seen = hash('sha256', bytes.subarray(bodyAt, -1), 'hex');
  const sum = bytes.toString('latin1', 0, bodyAt);
  if (sum !== `${seen}\n` || bytes.indexOf(newline, bodyAt) !== bytes.length - 1)
    throw new Error(`Got a manifest with checksum ${seen}, expected ${sum.slice(0, bodyAt - 1)}.`);
}

/** `bytes`: with a valid checksum. Throws as `decodeManifest`. */
export const parseManifest = (bytes: Buffer): Manifest =>
  checkedManifest(JSON.parse(bytes.toString('utf8', bodyAt)) as Head, false);

/** What a manifest is stored as, parsed. */
export type Head = Manifest & { readonly format: number; readonly events: number };

/** `areEntriesValid`: each of them was checked alone. */
export function checkedManifest(head: Head, areEntriesValid: boolean): Manifest {
  if (head.format !== format)
    throw new Error(`Got manifest format ${String(head.format)}, expected ${format}.`);
  checkHead(head);
  if (!areEntriesValid) head.segments.forEach(checkEntry);
  checkOrder(head);
  const { version, segments, origin } = head;
  return { version, segments, ...(origin === undefined ? {} : { origin }) };
}

/** Where the list of entries begins; the encoder writes this once. */
export const listStart = '"segments":[';

/** The JSON of an entry. Throws when the entry is not valid. */
function textOf(entry: SegmentEntry, i: number): string {
  const known = texts.get(entry);
  if (known !== undefined) return known;
  checkEntry(entry, i);
  const text = JSON.stringify(entry);
  texts.set(entry, text);
  return text;
}

function checkHead(head: Head): void {
  const { origin, ...rest } = head;
  checkFields(rest, headFields, 'the manifest');
  if ('origin' in head) checkFields(origin, originFields, 'its origin');
}

function checkOrder(manifest: Head): void {
  const events = eventsIn(manifest);
  if (events !== manifest.events)
    throw new Error(`Got segments with ${events} events, expected ${manifest.events}.`);
  let before: SegmentEntry | null = null;
  for (const segment of manifest.segments) {
    if (before !== null && segment.minStart <= before.maxStart)
      throw new Error(`Got segment ${segment.key} after ${before.key}, expected segments in order of time.`);
    before = segment;
  }
}

/** `i`: its place in the list, for the message. */
export const checkEntry = (entry: SegmentEntry, i: number): void => checkFields(entry, segmentFields, i);

/** Throws unless the value has exactly these fields. `of`: what it is, or the index of a segment. */
function checkFields(value: unknown, fields: readonly Field[], of: string | number): void {
  if (typeof value !== 'object' || value === null)
    throw new Error(`Got ${JSON.stringify(value)} as ${nameOf(of)}, expected an object.`);
  const found = value as Readonly<Record<string, unknown>>;
  for (const { name, holds, wanted } of fields) {
    if (!holds(found[name]))
      throw new Error(`Got ${JSON.stringify(found[name])} as ${name} of ${nameOf(of)}, expected ${wanted}.`);
  }
  const names = Object.keys(found);
  if (names.length !== fields.length)
    throw new Error(`Got ${nameOf(of)} with ${names.join(', ')}, expected ${fields.length} fields.`);
}

const nameOf = (of: string | number): string => (typeof of === 'number' ? `segment ${of}` : of);
