// What a feed says of an event, and what of it a search may see.

export type SellMode = 'online' | 'offline';

/** listed: in the last feed that told · missing: its record no longer has it, a complete feed must confirm · withdrawn: gone. */
export type Listing = 'listed' | 'missing' | 'withdrawn';

export interface Zone {
  /** This and the others are null when they are unknown: the feed does not say, or what it says cannot be read. */
  readonly zoneId: string | null;
  readonly name: string | null;
  readonly capacity: number | null;
  /** In minor units (cents). */
  readonly price: number;
  readonly numbered: boolean | null;
}

/** Everything that one feed said of one event, but for its zones, which are kept by the hash of their content. */
export interface Facts {
  readonly title: string;
  readonly sellMode: SellMode;
  readonly organizerCompanyId: string | null;
  /** The provider's wall clock, `YYYY-MM-DDTHH:MM:SS`. */
  readonly startLocal: string;
  readonly endLocal: string;
  /** The same as instants, in milliseconds since 1970 UTC. */
  readonly start: number;
  readonly end: number;
  /** Wall clocks too. Null when there is none, or when what the feed says cannot be read. */
  readonly sellFrom: string | null;
  readonly sellTo: string | null;
  /** Null when what the feed says cannot be read. */
  readonly soldOut: boolean | null;
  /** In minor units, over the zones that count; null when there is none. */
  readonly minPrice: number | null;
  readonly maxPrice: number | null;
  readonly zonesHash: string;
}

export interface Observation {
  /** UUIDv5 of (provider, base id, plan id). */
  readonly id: string;
  readonly baseId: string;
  readonly planId: string;
  readonly facts: Facts;
}

/** An event as the search knows it: the values last seen while it was online. */
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
