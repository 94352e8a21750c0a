// Where snapshots are put and found again. Two kinds (a directory, Redis), one interface.

import type { Manifest } from '#/snapshot/manifest.ts';

/** What is to be served. */
export interface Target {
  readonly version: number;
  /** An operator has pinned this version: it is served even where a newer one was. */
  readonly pinned: boolean;
}

export interface SnapshotStore {
  /** Null when nothing was ever published, or when all was lost. Throws when the store is away. */
  target(): Promise<Target | null>;
  /** The newest version, pinned or not. */
  currentVersion(): Promise<number | null>;
  /** The versions whose manifests are kept, the newest first. */
  versions(): Promise<number[]>;
  /** Throws when it is not there or not whole. */
  retrieveManifest(version: number): Promise<Manifest>;
  /** The segment's bytes, checked against their name. Throws when they are not there or not whole. */
  retrieveSegment(hash: string): Promise<Uint8Array>;
  /** Whether the segment is there, by its size; what it holds is checked by whoever retrieves it. */
  hasSegment(hash: string, bytes: number): Promise<boolean>;
  /** Puts a segment under its name and reads it back; one that is there and whole is left as it is. */
  putSegment(hash: string, bytes: Uint8Array): Promise<void>;
  /** Puts a manifest, reads it back, then moves `current` forward to it. Throws when it would move back. */
  publish(manifest: Manifest): Promise<void>;
  /** Throws when its manifest is not there or not whole. */
  pin(version: number): Promise<void>;
  unpin(): Promise<void>;
  /** Says that something of what is to be served was refused. However many say so, it is one doubt. */
  doubt(): Promise<void>;
  /** Whether anybody doubts. The doubt is taken: only one that is said again is heard again. */
  takeDoubt(): Promise<boolean>;
  /**
   * Lets go of versions that are not to be kept (see kept.ts), and of segments that none of the others names. `dropped`: versions
   * that are not kept, unless they are the newest, or pinned.
   */
  prune(dropped?: ReadonlySet<number>): Promise<void>;
  close(): Promise<void>;
}

/** As it is written down: null when there is none, or what is there is no version. */
export const versionOf = (text: string | null | undefined): number | null =>
  typeof text === 'string' && /^[1-9]\d{0,15}$/.test(text) ? Number(text) : null;

export function mustBeAfter(version: number, before: number): void {
  if (version <= before) throw new Error(`Got version ${version}, expected one after ${before}.`);
}
