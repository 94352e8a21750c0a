// What an operator asks about the catalogue and the archive, and the codes of the answers.

/** Why a search finds an event or not. When several are true, the first of this list that decides is the verdict. */
export const verdicts = [
  'found',
  'outside_range',
  'never_online',
  'quarantined',
  'withdrawal_held',
  'withdrawn',
  'offline',
  'changed_since',
  'unknown',
  'values_held',
  'not_served_yet',
] as const;

/**
 * - `found`: the served version has it, within the range.
 * - `outside_range`: the served version has it; it starts before or ends after the range.
 * - `never_online`: the archive has it, but no feed ever reported it online.
 * - `quarantined`: the feed has it, or had it last, with a fault; what was refused is not taken.
 * - `withdrawal_held`: a feed no longer has it; its withdrawal waits for an operator.
 * - `withdrawn`: a complete feed no longer has it. It stays searchable.
 * - `offline`: the feed reports it offline. It stays searchable with the values last seen online.
 * - `changed_since`: the archive has newer values than the served version.
 * - `unknown`: this archive has neither the event nor a refused part of a feed that could be it.
 * - `values_held`: a feed that may have it, or may change it, waits for an operator.
 * - `not_served_yet`: the archive has it and it was online, but the served version does not have it.
 */
export type Verdict = (typeof verdicts)[number];

/** Why an inspection is refused. */
export const inspectionRefusals = [
  'version_unknown',
  'snapshot_unreadable',
  'cursor_invalid',
  'diff_too_large',
  'event_unknown',
  'body_not_kept',
  'place_not_found',
  'archive_unavailable',
] as const;
export type InspectionRefusal = (typeof inspectionRefusals)[number];

/** An event by its id, or by what its provider calls it. */
export type EventName =
  | { readonly id: string }
  | { readonly provider: string; readonly base: string; readonly plan: string };

export type Inspection =
  /** Bounds in milliseconds since 1970 UTC; null when open. `served`: the version that this host serves, if it serves one. */
  | {
      readonly what: 'explain';
      readonly event: EventName;
      readonly startsAt: number | null;
      readonly endsAt: number | null;
      readonly served: number | null;
    }
  /** Changes of one event with smaller numbers than `before`; null for the newest. */
  | {
      readonly what: 'history';
      readonly id: string;
      readonly before: number | null;
      readonly limit: number;
    }
  /** Segments of a version from the index `from`. */
  | {
      readonly what: 'segments';
      readonly version: number;
      readonly from: number;
      readonly limit: number;
    }
  /** Events whose withdrawal waits, after the one with the number `after`. */
  | {
      readonly what: 'held';
      readonly provider: string;
      readonly after: number;
      readonly limit: number;
    }
  /** Lines around a place of a kept body; `run`: null for the newest body of the provider. */
  | {
      readonly what: 'excerpt';
      readonly provider: string;
      readonly run: number | null;
      readonly line: number;
      readonly column: number;
    };
