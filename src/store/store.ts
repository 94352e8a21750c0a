// The interface of the snapshot stores: a directory and Redis.

import type { Manifest } from '#/snapshot/manifest.ts';
import type { Poll } from './polls.ts';

/** The version to serve. */
export interface Target {
  readonly version: number;
  /** An operator has pinned this version: it is served although a newer one may exist. */
  readonly pinned: boolean;
}

export interface SnapshotStore {
  /** Null when nothing was ever published, or when everything was lost. Throws when the store is unavailable. */
  target(): Promise<Target | null>;
  /** The newest version, pinned or not. */
  currentVersion(): Promise<number | null>;
  /** The versions whose manifests are kept, the newest first. */
  versions(): Promise<number[]>;
  /** Throws when it is missing or damaged. */
  retrieveManifest(version: number): Promise<Manifest>;
  /** The segment's bytes, checked against the hash. Throws when they are missing or damaged. */
  retrieveSegment(hash: string): Promise<Uint8Array>;
  /** Whether a segment of this size exists. Its content is checked when it is retrieved. */
  hasSegment(hash: string, bytes: number): Promise<boolean>;
  /** Stores a segment and reads it back. Does not write a segment that is already complete. Keeps no reference to the bytes. */
  putSegment(hash: string, bytes: Uint8Array): Promise<void>;
  /** Stores the companion of a segment: see companion/format.ts. Replaces another one. Keeps no reference to the bytes. */
  putCompanion(hash: string, bytes: Uint8Array): Promise<void>;
  /** Whether the segment has a companion, which may be damaged. */
  hasCompanion(hash: string): Promise<boolean>;
  /** At most `length` bytes of a companion from an offset, unchecked; none when there is no companion. */
  readCompanion(hash: string, from: number, length: number): Promise<Uint8Array>;
  /**
   * Stores a manifest, reads it back, then moves `current` forward to it. Throws when `current` is not before it. `polledAt`: when
   * the provider was polled whose changes it publishes, in milliseconds since 1970; absent or null when no poll is known.
   */
  publish(manifest: Manifest, polledAt?: number | null): Promise<void>;
  /** The polls of the newest versions, the newest first; none when they are damaged, or an earlier version of Marquee published. */
  polls(): Promise<Poll[]>;
  /** Throws when the manifest is missing or damaged. */
  pin(version: number): Promise<void>;
  unpin(): Promise<void>;
  /** Requests a verification, because a worker refused a part of the target. Several requests count as one. */
  requestVerification(): Promise<void>;
  /** Whether a verification is requested. This clears the request. */
  takeVerificationRequest(): Promise<boolean>;
  /**
   * Removes versions that are no longer kept (see retention.ts), and segments that no kept version names, with their companions.
   * `dropped`: versions that are not kept, unless one is the newest or pinned.
   */
  prune(dropped?: ReadonlySet<number>): Promise<void>;
  close(): Promise<void>;
}

/** Parses a stored version; null when it is absent or not a version. */
export const versionOf = (text: string | null | undefined): number | null =>
  typeof text === 'string' && /^[1-9]\d{0,15}$/.test(text) ? Number(text) : null;

export function mustBeAfter(version: number, before: number): void {
  if (version <= before) throw new Error(`Got version ${version}, expected one after ${before}.`);
}
