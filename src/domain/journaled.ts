// What the journal of the archive says of the changes after a published version.

/** A version as its archive knows it. */
export interface PublishedVersion {
  readonly version: number;
  /** The last sequence number of the journal that it contains. */
  readonly seq: number;
  /** The first 32 bits of the identity of its archive, and of the stamp that was drawn with its number. */
  readonly archive: number;
  readonly stamp: number;
}

export interface JournalQuery {
  readonly since: PublishedVersion;
  /** The last sequence number of the slice before; null for the first slice. */
  readonly after: number | null;
  /** The last sequence number to read. */
  readonly upTo: number;
  /** Entries to read. */
  readonly limit: number;
}

export interface JournaledEvent {
  readonly id: string;
  /** The UTC day of its start, since 1970. */
  readonly day: number;
  /** What it was before its first change in the slice; null when it was unknown. */
  readonly before: { readonly listed: boolean; readonly offline: boolean } | null;
}

export interface JournalSlice {
  /** Each event once. */
  readonly events: readonly JournaledEvent[];
  /** The last sequence number that was read; null when nothing is left. */
  readonly seq: number | null;
}

export interface JournalReader {
  /** Null when this archive did not publish that version. Rejects when the archive is unavailable. */
  slice(query: JournalQuery): Promise<JournalSlice | null>;
}

export interface LatestQuery {
  /** The first 32 bits of the identity of the archive whose numbers these are; null when it is not known. */
  readonly archive: number | null;
  /** Sequence numbers from here on are wanted, without this one. */
  readonly after: number;
  /** The last sequence number to read: what came later counts as not written yet. */
  readonly upTo: number;
  /** Events to return. */
  readonly limit: number;
}

/** An event at its latest change. */
export interface LatestEvent {
  readonly seq: number;
  readonly id: string;
  /** The UTC day of its start, since 1970. */
  readonly day: number;
}

export interface LatestSlice {
  /** In the order of their sequence numbers, each event once. */
  readonly events: readonly LatestEvent[];
  /** The last sequence number that was looked at, when the reader stopped before the end without `limit` events; null otherwise. */
  readonly looked: number | null;
}

export interface LatestReader {
  /** Rejects when the archive is unavailable, or is another one. */
  latest(query: LatestQuery): Promise<LatestSlice>;
}
