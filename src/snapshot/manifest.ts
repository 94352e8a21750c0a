// A manifest is one version of the catalogue: which segments it is made of. Kept as a line with the SHA-256 of the rest,
// and the rest as JSON; checked in both directions.

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

export interface Manifest {
  /** A counter, from 1; never the clock. */
  readonly version: number;
  /** In order of time. */
  readonly segments: readonly SegmentEntry[];
}

/** Raised with the format of segments too: a publisher that cannot read the last manifest builds everything again. */
const format = 2;
const count = z.int().min(0);
const entry = z.strictObject({
  key: z.string().regex(/^-?\d{4,5}(-\d\d(-\d\d)?)?$/),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  events: z.int().min(1),
  bytes: z.int().min(1),
  minStart: z.int(),
  maxStart: z.int(),
  minEnd: z.int(),
  maxEnd: z.int(),
});
const shape = z.strictObject({
  format: z.literal(format),
  version: z.int().min(1),
  events: count,
  segments: z.array(entry).max(1_000_000),
});

export const segmentName = (bytes: Uint8Array): string => hash('sha256', bytes, 'hex');

export const eventsIn = (manifest: Manifest): number =>
  manifest.segments.reduce((sum, segment) => sum + segment.events, 0);

export function encodeManifest(manifest: Manifest): string {
  const body = JSON.stringify(checked({ format, events: eventsIn(manifest), ...manifest }));
  return `${hash('sha256', body, 'hex')}\n${body}\n`;
}

/** Throws with what it saw and what it wanted when the text is no whole manifest of this format. */
export function decodeManifest(text: string): Manifest {
  const [sum, body = '', ...rest] = text.split('\n');
  const seen = hash('sha256', body, 'hex');
  if (sum !== seen || rest.length !== 1 || rest[0] !== '')
    throw new Error(`Got a manifest with checksum ${seen}, expected ${String(sum).slice(0, 64)}.`);
  const read = JSON.parse(body) as { readonly format?: unknown };
  if (read.format !== format)
    throw new Error(`Got manifest format ${String(read.format)}, expected ${format}.`);
  const { version, segments } = checked(read);
  return { version, segments };
}

function checked(value: unknown): z.infer<typeof shape> {
  const manifest = shape.parse(value);
  const events = eventsIn(manifest);
  if (events !== manifest.events)
    throw new Error(`Got segments of ${events} events, expected ${manifest.events}.`);
  manifest.segments.forEach((segment, i) => {
    const before = manifest.segments[i - 1];
    if (before !== undefined && segment.minStart <= before.maxStart)
      throw new Error(`Got segment ${segment.key} behind ${before.key}, expected them in order of time.`);
  });
  return manifest;
}
