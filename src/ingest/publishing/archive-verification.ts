// Events never vanish: before a new catalogue replaces the published one, the archive must contain every published event. An
// archive that published the version itself knows its stamp: it never deletes events, so it needs no check. Every other archive
// (emptied, restored from an older backup, replaced) is compared with the published catalogue, event by event.

import type { Archive } from '#/archive/archive.ts';
import { eventsIn, type Manifest } from '#/snapshot/manifest.ts';
import { decodeSegment } from '#/snapshot/segment.ts';
import { idsIn } from '#/snapshot/texts.ts';
import type { HeldPublish } from '#/actor/messages.ts';
import type { SnapshotStore } from '#/store/store.ts';

/** A store from which the published catalogue can be read. */
export type Shelf = Pick<
  SnapshotStore,
  'currentVersion' | 'versions' | 'retrieveManifest' | 'retrieveSegment'
>;

/** The published catalogue. */
export interface Reference {
  readonly version: number;
  /** Null when no manifest can be read. */
  readonly manifest: Manifest | null;
}

const examplesMax = 5;

/** The catalogue in the first of `shelves` that has a manifest; null when none of them knows a version. */
export async function findReference(shelves: readonly Shelf[]): Promise<Reference | null> {
  let lost = 0;
  for (const shelf of shelves) {
    const current = await shelf.currentVersion();
    const manifest = await newestWhole(shelf, current);
    const version = Math.max(current ?? 0, manifest?.version ?? 0, lost);
    if (manifest !== null) return { version, manifest };
    lost = version;
  }
  return lost === 0 ? null : { version: lost, manifest: null };
}

/** The newest readable manifest up to `current`; later versions were never announced. */
async function newestWhole(shelf: Shelf, current: number | null): Promise<Manifest | null> {
  for (const version of await shelf.versions()) {
    if (version > (current ?? Infinity)) continue;
    const manifest = await shelf.retrieveManifest(version).catch(() => null);
    if (manifest !== null) return manifest;
  }
  return null;
}

/** Whether this archive published the reference itself. */
export async function isOwn({ manifest, version }: Reference, archive: Archive): Promise<boolean> {
  // Without a manifest, its archive is unknown: an archive that has assigned the version number counts as the publisher.
  if (manifest === null) return (await archive.lastVersion()) >= version;
  const { origin } = manifest;
  return origin !== undefined && archive.gaveVersion({ version: manifest.version, stamp: origin.stamp });
}

/** Compares the reference with the archive, event by event. Null when the archive has all its events. */
export async function findMissing(
  { version, manifest }: Reference,
  archive: Archive,
  shelves: readonly Shelf[],
): Promise<HeldPublish | null> {
  let missing = 0;
  const examples: string[] = [];
  for (const { hash, events } of manifest?.segments ?? []) {
    const bytes = await retrieve(hash, shelves);
    if (bytes === null) {
      missing += events;
      continue;
    }
    const unknown = await archive.unknownEvents(idsIn(decodeSegment(bytes)));
    missing += unknown.length;
    examples.push(...unknown.slice(0, examplesMax - examples.length));
  }
  if (manifest !== null && missing === 0) return null;
  const madeBy = manifest?.origin?.archive ?? null;
  return { version, madeBy, archive: await archive.identity(), missing, examples };
}

async function retrieve(hash: string, shelves: readonly Shelf[]): Promise<Uint8Array | null> {
  for (const shelf of shelves) {
    const bytes = await shelf.retrieveSegment(hash).catch(() => null);
    if (bytes !== null) return bytes;
  }
  return null;
}

/** An approval is valid for the same catalogue and archive, and for at most the number of events that it was given for. */
export const covers = (approved: HeldPublish | null, held: HeldPublish): boolean =>
  approved !== null &&
  approved.version === held.version &&
  approved.madeBy === held.madeBy &&
  approved.archive === held.archive &&
  held.missing <= approved.missing;

/** Whether a catalogue with this number of events is smaller than the published one. */
export const isFewer = (reference: Reference, events: number): boolean =>
  reference.manifest !== null && events < eventsIn(reference.manifest);

/** Says what is missing, and what the operator can do. */
export function messageOfHeld({ version, madeBy, archive, missing, examples }: HeldPublish): string {
  const which =
    examples.length === 0 ? '' : ` (${examples.join(', ')}${missing > examples.length ? ', …' : ''})`;
  return (
    `The publish is held: version ${version}, published from ${madeBy === null ? 'an unknown archive' : `archive ${madeBy}`}, ` +
    `has ${missing} events that archive ${archive} does not have${which}. Restore that archive, or wait until the feeds ` +
    'have sent the events again, or approve their loss with POST /snapshots/approve.'
  );
}
