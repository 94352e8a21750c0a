// A manifest is one version of the catalogue: the list of its segments. It is stored as a line with the SHA-256 of the rest,
// followed by the rest as JSON. Both the encoder and the decoder check it.

import { hash } from 'node:crypto';
import * as z from 'zod';

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
const drawn = z.string().regex(/^[0-9a-f]{32}$/);
const shape = z.strictObject({
  format: z.literal(format),
  version: z.int().min(1),
  events: z.int().min(0),
  segments: z.array(z.unknown()).max(1_000_000),
  origin: z.strictObject({ archive: drawn, seq: z.int().min(0), stamp: drawn }).exactOptional(),
});

interface Field {
  readonly name: keyof SegmentEntry;
  readonly holds: (value: unknown) => boolean;
  readonly wanted: string;
}

const isText = (form: RegExp) => (value: unknown) => typeof value === 'string' && form.test(value);
const isAmount = (value: unknown) => Number.isSafeInteger(value) && (value as number) > 0;
const fields: readonly Field[] = [
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

export function encodeManifest(manifest: Manifest): string {
  const body = JSON.stringify(checked({ format, events: eventsIn(manifest), ...manifest }));
  return `${hash('sha256', body, 'hex')}\n${body}\n`;
}

/** Throws, with what was got and what was expected, when the text is not a complete manifest of this format. */
export function decodeManifest(text: string): Manifest {
  const [sum, body = '', ...rest] = text.split('\n');
  const seen = hash('sha256', body, 'hex');
  if (sum !== seen || rest.length !== 1 || rest[0] !== '')
    throw new Error(`Got a manifest with checksum ${seen}, expected ${String(sum).slice(0, 64)}.`);
  const read = JSON.parse(body) as { readonly format?: unknown };
  if (read.format !== format)
    throw new Error(`Got manifest format ${String(read.format)}, expected ${format}.`);
  const { version, segments, origin } = checked(read);
  return { version, segments, ...(origin === undefined ? {} : { origin }) };
}

function checked(value: unknown): Manifest & { readonly format: number; readonly events: number } {
  const { segments, ...head } = shape.parse(value);
  const manifest = { ...head, segments: segments.map(checkedEntry) };
  const events = eventsIn(manifest);
  if (events !== manifest.events)
    throw new Error(`Got segments with ${events} events, expected ${manifest.events}.`);
  manifest.segments.forEach((segment, i) => {
    const before = manifest.segments[i - 1];
    if (before !== undefined && segment.minStart <= before.maxStart)
      throw new Error(`Got segment ${segment.key} after ${before.key}, expected segments in order of time.`);
  });
  return manifest;
}

/** Checked without zod: a worker reads thousands of entries per version between answers, and zod takes more than twice as long. */
function checkedEntry(value: unknown, i: number): SegmentEntry {
  if (typeof value !== 'object' || value === null)
    throw new Error(`Got ${JSON.stringify(value)} as segment ${i}, expected an object.`);
  const entry = value as SegmentEntry;
  for (const { name, holds, wanted } of fields) {
    if (!holds(entry[name]))
      throw new Error(`Got ${JSON.stringify(entry[name])} as ${name} of segment ${i}, expected ${wanted}.`);
  }
  const names = Object.keys(entry);
  if (names.length !== fields.length)
    throw new Error(`Got segment ${i} with ${names.join(', ')}, expected ${fields.length} fields.`);
  return entry;
}
