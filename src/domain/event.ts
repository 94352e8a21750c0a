// What a feed reports of an event, and the part of it that a search returns.

export type SellMode = 'online' | 'offline';

/** What its feed says of the date of an event, in the terms of schema.org. An event that is sold out is in `soldOut`. */
export const statuses = ['scheduled', 'cancelled', 'postponed', 'rescheduled'] as const;
export type EventStatus = (typeof statuses)[number];

/**
 * - `listed`: the last feed that was absorbed has the event.
 * - `missing`: its record no longer has it; a complete feed must confirm that.
 * - `withdrawn`: a complete feed no longer has it.
 */
export type Listing = 'listed' | 'missing' | 'withdrawn';

export interface Zone {
  /** A nullable field is null when the feed does not give it or gives a value that cannot be read. */
  readonly zoneId: string | null;
  readonly name: string | null;
  readonly capacity: number | null;
  /** In minor units (cents). */
  readonly price: number;
  readonly numbered: boolean | null;
}

/** All that one feed reports of one event, except its zones: those are stored by the hash of their content. */
export interface Facts {
  readonly title: string;
  readonly sellMode: SellMode;
  readonly organizerCompanyId: string | null;
  /** The provider's wall clock, `YYYY-MM-DDTHH:MM:SS`; of an event without a time the day, `YYYY-MM-DD`. */
  readonly startLocal: string;
  /** The same; '' when it is unknown. */
  readonly endLocal: string;
  /**
   * The same as instants, in milliseconds since 1970 UTC. A day compares as its noon, and an unknown end as the start
   * (decision record 102).
   */
  readonly start: number;
  readonly end: number;
  /** Wall clocks as well. Null when absent or unreadable. */
  readonly sellFrom: string | null;
  readonly sellTo: string | null;
  /** Null when it cannot be read. */
  readonly soldOut: boolean | null;
  /** In minor units (cents), over the zones that count; null when no zone counts. */
  readonly minPrice: number | null;
  readonly maxPrice: number | null;
  readonly zonesHash: string;
  /** Places in all zones that give theirs; null when none does. Absent from facts stored by earlier versions of Marquee. */
  readonly capacity?: number | null;
  /** Null when it cannot be read. Absent when it is `scheduled`, as in facts stored by earlier versions of Marquee. */
  readonly status?: EventStatus | null;
}

export interface Observation {
  /** UUIDv5 of (provider, base id, plan id). */
  readonly id: string;
  readonly baseId: string;
  readonly planId: string;
  readonly facts: Facts;
}

/** An event as a search returns it: the values last seen while it was online. */
export interface CatalogueEvent {
  readonly id: string;
  readonly title: string;
  readonly startLocal: string;
  readonly endLocal: string;
  readonly start: number;
  readonly end: number;
  readonly minPrice: number | null;
  readonly maxPrice: number | null;
}

/** Where an event comes from, and what its feed reports of it now, online or not. */
export interface EventDetails {
  readonly provider: string;
  /** The IANA name of the zone of its wall clocks. */
  readonly timeZone: string;
  readonly baseId: string;
  readonly planId: string;
  readonly sellMode: SellMode;
  /** Wall clocks, `YYYY-MM-DDTHH:MM:SS`. */
  readonly sellFrom: string | null;
  readonly sellTo: string | null;
  readonly soldOut: boolean | null;
  readonly status: EventStatus | null;
  readonly capacity: number | null;
  /** False once a complete feed no longer has it. */
  readonly listed: boolean;
  /** When the feed run began that changed it last, in milliseconds since 1970 UTC; 0 when that is not known. */
  readonly changedAt: number;
}

/** An event as the publisher puts it into a segment. */
export interface DetailedEvent extends CatalogueEvent, EventDetails {}

/** When the feed had an event. Instants are those at which a feed run began, in milliseconds since 1970 UTC. */
export interface Sightings {
  /** The first run that had it. */
  readonly firstSeenAt: number;
  /** The run that found it withdrawn; null while it is listed. */
  readonly lastSeenAt: number | null;
  /** The run that found it offline or withdrawn; null while it is listed and online. */
  readonly lastOnlineAt: number | null;
}

/** What the companion of a segment says of one event. */
export interface Sighted extends Sightings {
  /** JSON of the rows of its zones: see `zonesIn`; `null` when they are not known. */
  readonly zones: string;
}
