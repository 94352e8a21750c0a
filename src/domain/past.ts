// What the journal says of an event: its changes, and what it was at an earlier instant.

import type { ChangeKind } from './absorb.ts';
import type { DetailedEvent, Facts, Sighted } from './event.ts';

/** What a feed said of an event, from one run to the next that changed it. */
export interface PastState {
  readonly listed: boolean;
  readonly facts: Facts;
  /** JSON of the rows of its zones: see `zonesIn`; null when they are not known. */
  readonly zones: string | null;
}

export interface PastChange {
  /** Its number in the journal, which orders the changes. */
  readonly seq: number;
  /** When the feed run began that found it, in milliseconds since 1970 UTC. */
  readonly at: number;
  /** The number of that run. */
  readonly runId: number;
  readonly kind: ChangeKind;
  /** Null when the event was new. */
  readonly before: PastState | null;
  readonly after: PastState;
}

export interface PastPage {
  /** The newest first. */
  readonly changes: readonly PastChange[];
  /** Whether there are older ones. */
  readonly hasMore: boolean;
}

export interface PastEvent {
  readonly event: DetailedEvent;
  readonly sighted: Sighted;
}

/** The end of a history: a version of the catalogue, or an instant. */
export type Until =
  | { readonly kind: 'version'; readonly version: number }
  | { readonly kind: 'instant'; readonly instant: number };

/** The catalogue has no such event, or the archive did not publish the version. */
export interface NotInPast {
  readonly missing: 'event' | 'version';
}

/** Reads the journal. Everything rejects when the archive cannot be read in time. */
export interface Past {
  /** At most `limit` changes with smaller numbers than `beforeSeq`. `until`: null for all. */
  changes(id: string, beforeSeq: number, until: Until | null, limit: number): Promise<PastPage | NotInPast>;
  /** Null when the catalogue did not have it then. */
  eventAt(id: string, instant: number): Promise<PastEvent | null>;
}
