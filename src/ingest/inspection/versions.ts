// Reads versions of the catalogue out of the snapshot store for an operator: which are served, and single events in them.

import type { Manifest } from '#/snapshot/manifest.ts';
import { endOf, idOfPlace, startOf } from '#/snapshot/places.ts';
import { decodeSegment, type Segment } from '#/snapshot/segment.ts';
import { eventObject, type EventObject } from '#/store/diff/event-object.ts';
import type { SnapshotStore } from '#/store/store.ts';
import { messageOf } from '#/kit/errors.ts';
import { InspectionRefused } from './refusal.ts';

export type Snapshots = Pick<
  SnapshotStore,
  'target' | 'currentVersion' | 'versions' | 'retrieveManifest' | 'retrieveSegment'
>;

/** Throws InspectionRefused when the version is not kept, or is damaged. */
export async function manifestOf(store: Snapshots, version: number): Promise<Manifest> {
  const kept = await store.versions();
  if (!kept.includes(version)) {
    const shown = kept.slice(0, 16).join(', ') || 'none';
    throw new InspectionRefused(
      'version_unknown',
      `Got version ${version}, expected one of those that are kept: ${shown}.`,
    );
  }
  return await readable(() => store.retrieveManifest(version));
}

/** Throws InspectionRefused when what `read` reads is missing or damaged, or the store does not answer. */
export async function readable<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof InspectionRefused) throw error;
    throw new InspectionRefused('snapshot_unreadable', messageOf(error));
  }
}

export interface ServedEvent {
  readonly event: EventObject;
  /** Milliseconds since 1970 UTC. */
  readonly start: number;
  readonly end: number;
}

/** The event in a version that may have it at any of these starts; null when it is at none of them. */
export async function findIn(
  store: Snapshots,
  { segments }: Manifest,
  id: string,
  starts: ReadonlySet<number>,
): Promise<ServedEvent | null> {
  const all = [...starts];
  for (const { hash, minStart, maxStart } of segments) {
    if (!all.some((start) => start >= minStart && start <= maxStart)) continue;
    const segment = await readable(async () => decodeSegment(await store.retrieveSegment(hash)));
    const place = placeIn(segment, id, starts);
    if (place < 0) continue;
    return { event: eventObject(segment, place), start: startOf(segment, place), end: endOf(segment, place) };
  }
  return null;
}

/** -1 when the segment does not have it. Ids are compared only where a start fits. */
function placeIn(segment: Segment, id: string, starts: ReadonlySet<number>): number {
  for (let place = 0; place < segment.events; place++)
    if (starts.has(startOf(segment, place)) && idOfPlace(segment, place) === id) return place;
  return -1;
}
