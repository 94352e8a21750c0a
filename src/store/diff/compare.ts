// Compares two versions, of one store or of two: which events were added, changed and removed. Segments that both have are not
// read; of the others one is in memory at a time. The result names places of events and holds none of them.

import { hash } from 'node:crypto';
import { setImmediate as immediate } from 'node:timers/promises';
import type { Manifest, SegmentEntry } from '#/snapshot/manifest.ts';
import { decodeSegment, type Segment } from '#/snapshot/segment.ts';
import type { SnapshotStore } from '#/store/store.ts';
import {
  createFingerprints,
  newFingerprint,
  readFingerprint,
  sourceHashes,
  type Fingerprints,
} from './fingerprints.ts';

/** One version in one store. */
export interface Side {
  readonly store: Pick<SnapshotStore, 'retrieveSegment'>;
  readonly manifest: Manifest;
}

/** A place: the index of the segment in the manifest, and the place of the event in it. */
export interface Place {
  readonly segment: number;
  readonly place: number;
}

export interface Comparison {
  /** Depends on the segments of both versions: a cursor of another pair does not have it. */
  readonly tag: string;
  readonly from: Side;
  readonly to: Side;
  /** In the order of `to`. */
  readonly added: readonly Place[];
  readonly changed: readonly { readonly before: Place; readonly after: Place }[];
  /** In the order of `from`. */
  readonly removed: readonly Place[];
  /** Segments that were read, and their bytes. */
  readonly read: { readonly segments: number; readonly bytes: number };
}

/** More events than that differ in their segments. */
export class DiffTooLarge extends Error {}

/** Of the segments of one version that the other does not have: 60 bytes of memory for each. */
export const comparedEventsMax = 1_500_000;

/** Throws DiffTooLarge, or when a segment cannot be read. */
export async function compareVersions(from: Side, to: Side): Promise<Comparison> {
  const [before, after] = [onlyIn(from, to), onlyIn(to, from)];
  const events = eventsIn(before);
  for (const count of [events, eventsIn(after)])
    if (count > comparedEventsMax)
      throw new DiffTooLarge(
        `Got ${count} events in segments that differ, expected at most ${comparedEventsMax}.`,
      );
  const table = createFingerprints(events);
  const print = newFingerprint();
  for (const index of before.keys()) {
    const segment = await segmentAt(from, index);
    const sources = sourceHashes(segment);
    for (let place = 0; place < segment.events; place++) {
      readFingerprint(segment, place, sources, print);
      table.add(print, index, place);
    }
    await immediate();
  }
  const added: Place[] = [];
  const changed: { before: Place; after: Place }[] = [];
  for (const index of after.keys()) {
    const segment = await segmentAt(to, index);
    const sources = sourceHashes(segment);
    for (let place = 0; place < segment.events; place++) {
      readFingerprint(segment, place, sources, print);
      const slot = table.take(print);
      if (slot < 0) added.push({ segment: index, place });
      else if (!table.isSame(slot, print))
        changed.push({ before: placeAt(table, slot), after: { segment: index, place } });
    }
    await immediate();
  }
  const differing = [...before.values(), ...after.values()];
  return {
    tag: tagOf(from.manifest, to.manifest),
    from,
    to,
    added,
    changed,
    removed: table.left().map((slot) => placeAt(table, slot)),
    read: { segments: differing.length, bytes: differing.reduce((sum, { bytes }) => sum + bytes, 0) },
  };
}

const placeAt = (table: Fingerprints, slot: number): Place => ({
  segment: table.segmentOf(slot),
  place: table.placeOf(slot),
});

/** The segments of `one` that `other` does not have, by their indexes. */
function onlyIn(one: Side, other: Side): Map<number, SegmentEntry> {
  const shared = new Set(other.manifest.segments.map((entry) => entry.hash));
  return new Map([...one.manifest.segments.entries()].filter(([, entry]) => !shared.has(entry.hash)));
}

const eventsIn = (segments: ReadonlyMap<number, SegmentEntry>): number =>
  segments.values().reduce((sum, { events }) => sum + events, 0);

/** Throws when it is missing or damaged. */
export async function segmentAt({ store, manifest }: Side, index: number): Promise<Segment> {
  const entry = manifest.segments[index];
  if (entry === undefined)
    throw new Error(`Got segment ${index}, expected one of ${manifest.segments.length}.`);
  return decodeSegment(await store.retrieveSegment(entry.hash));
}

const tagOf = (from: Manifest, to: Manifest): string =>
  hash(
    'sha256',
    [from, to].map(({ segments }) => segments.map((entry) => entry.hash).join(' ')).join('\n'),
    'hex',
  ).slice(0, 12);
