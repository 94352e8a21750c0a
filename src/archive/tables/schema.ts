// The tables of the archive, as Kysely sees them. Instants are milliseconds since 1970 UTC, JSON is text.

import type { Generated } from 'kysely';

export interface Tables {
  /** What each event is at present, all that the feed says of it, online or not, and what the search may see of it. */
  known_event: {
    /** A small number that stands for the event in this archive, in the order in which they came. */
    n: Generated<number>;
    /** A UUID: 16 bytes in SQLite. */
    id: string;
    provider: string;
    base_id: string;
    plan_id: string;
    /** The key of the record that told of it. */
    record_key: string;
    listing: string;
    /** JSON of the facts in their order: see packed/facts.ts. */
    facts: string;
    /** The UTC day, since 1970, on which the search finds it; null when it was never online. */
    day: number | null;
    /** What the search sees where that is not what `facts` begin with: the values last seen online, in the same order. */
    shown: string | null;
    first_seen_at: number;
    changed_at: number;
    /** A ZoneSet's text: as it is, or as a raw deflate stream. The last column, so that a query of the others does not read it. */
    zones: string | Uint8Array | null;
  };
  /**
   * Append-only: every change. What an event was after one is what it was before its next, and after the last one what it is:
   * read backwards from there, any past state is found. The view `history` has both sides.
   */
  journal_entry: {
    seq: Generated<number>;
    /** The number of its event. */
    event: number;
    run_id: number;
    at: number;
    kind: string;
    /** JSON of the listing and the facts; null when the event was new. */
    before: string | null;
    /** The zones that the change has replaced; null when it left them alone. */
    zones: string | Uint8Array | null;
  };
  /**
   * The record absorbed last for each key. `hash`: SHA-256 in hex; in SQLite its first 16 bytes, or the hex digits as earlier versions
   * stored it. An empty hash never matches: that record is parsed every time.
   */
  feed_record: {
    id: Generated<number>;
    provider: string;
    key: string;
    hash: string | Uint8Array;
    contested: number;
  };
  /** Records that the feed of a held run no longer had, by their row ids in `feed_record`. Empty while nothing is held. */
  held_record: { provider: string; record_id: number };
  quarantine: {
    provider: string;
    /** Base and plan id where they are known, else the hash of the record. */
    key: string;
    record_key: string | null;
    base_id: string | null;
    plan_id: string | null;
    code: string;
    message: string;
    byte_offset: number;
    line: number;
    column_number: number;
    first_seen_at: number;
    last_seen_at: number;
    last_run_id: number;
    times: number;
  };
  feed_run: {
    id: Generated<number>;
    provider: string;
    started_at: number;
    ended_at: number | null;
    outcome: string | null;
    code: string | null;
    message: string | null;
    /** JSON of the run's counts. */
    counts: string | null;
    /** JSON of the run's report. */
    findings: string | null;
  };
  /** Days whose segments must be rebuilt, with the last journal entry that touched them. */
  dirty_day: { day: number; seq: number };
  /** Which versions were published, and up to which journal entry they tell. */
  published: { version: number; seq: number; at: number; events: number };
  /** One row: the number that was given last to a version, be it published or not. */
  version_counter: { id: number; version: number };
  /** One row: the identity of this archive. */
  identity: { id: number; archive: string };
  /** What was drawn with the number of each version; the newest are kept. */
  version_stamp: { version: number; stamp: string };
  /** One row: the fence of the host that may write; an older one may not any more. */
  leader: { id: number; fence: number };
  /** JSON of each provider's schedule and breaker, for the host that takes over. */
  poll_state: { provider: string; state: string };
  /** JSON of where each provider's feed in pages continues. */
  page_cursor: { provider: string; cursor: string };
  /** What the gate of values holds; `approved`: 1 once an operator lets the next feed change it. */
  value_hold: { provider: string; run_id: number; records: number; reason: string; approved: number };
  /** What is known of each provider's feed from one run to the next. */
  feed_state: {
    provider: string;
    /** How its records were read last; when that changes, every record is read again. */
    reading: string;
    etag: string | null;
    last_modified: string | null;
    held_run_id: number | null;
    held_events: number | null;
    held_reason: string | null;
    approved_events: number;
  };
}
