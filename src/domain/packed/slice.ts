// A slice of the catalogue on its way from the archive to the thread that builds its segment: the rows of its events, which that
// thread parses and sorts.

import { statuses, type DetailedEvent, type Facts, type SellMode, type Sightings } from '#/domain/event.ts';
import { uuidIn } from '#/domain/identity.ts';
import { statusOf } from '#/domain/status.ts';
import { factNames, shownIn } from './facts.ts';
import { fieldEndsWith, fieldIs, fieldOf, rowCount, type PackedTexts } from './texts.ts';
import type { PackedZones } from './zone-bytes.ts';

/** The columns of the rows. `facts`: see facts.ts. `shown`: the same, as last seen online; empty while `facts` are that. */
export const sliceColumns = [
  'id',
  'provider',
  'base_id',
  'plan_id',
  'listing',
  'facts',
  'shown',
  'first_seen_at',
  'changed_at',
] as const;

export interface PackedSlice {
  readonly rows: PackedTexts;
  /** The IANA name of the time zone of each provider; UTC where it is absent. */
  readonly timeZones: ReadonlyMap<string, string>;
  /** By id: of events whose facts do not have it. */
  readonly capacities: ReadonlyMap<string, number | null>;
  /** By id: when events that are offline were seen online last. */
  readonly onlineUntil: ReadonlyMap<string, number>;
  /** By row; null when they are not needed. */
  readonly zones: PackedZones | null;
}

/** An event of a slice, with what its companion has. */
export interface SliceEvent {
  readonly event: DetailedEvent;
  readonly start: number;
  readonly end: number;
  readonly row: number;
  readonly zonesHash: string;
  readonly sightings: Sightings;
}

const column = Object.fromEntries(sliceColumns.map((name, i) => [name, i])) as Columns;
type Columns = Record<(typeof sliceColumns)[number], number>;
const at = Object.fromEntries(factNames.map((name, i) => [name, i])) as Record<FactName, number>;
type FactName = (typeof factNames)[number];

/** The events of a slice by (start, id). Throws SyntaxError when facts are not JSON. */
export function unpackSlice(slice: PackedSlice): SliceEvent[] {
  let provider = '';
  const rows = Array.from({ length: rowCount(slice.rows) }, (_, row) => {
    // Most events have the provider of the one before.
    if (!fieldIs(slice.rows, row, column.provider, provider))
      provider = fieldOf(slice.rows, row, column.provider);
    return eventOf(slice, row, provider);
  });
  return rows.toSorted(
    (a, b) => a.start - b.start || (a.event.id < b.event.id ? -1 : a.event.id > b.event.id ? 1 : 0),
  );
}

function eventOf(slice: PackedSlice, row: number, provider: string): SliceEvent {
  const { rows, timeZones, capacities } = slice;
  const id = uuidIn(fieldOf(rows, row, column.id));
  const facts = JSON.parse(fieldOf(rows, row, column.facts)) as unknown[];
  const shownText = fieldOf(rows, row, column.shown);
  const shown = shownIn(id, shownText === '' ? facts : (JSON.parse(shownText) as unknown[]));
  const { title, startLocal, endLocal, start, end, minPrice, maxPrice } = shown;
  const capacity = facts[at.capacity] as number | null | undefined;
  const changedAt = Number(fieldOf(rows, row, column.changed_at));
  // Without a spread, which takes a fifth of the time of an event.
  const event: DetailedEvent = {
    id,
    title,
    startLocal,
    endLocal,
    start,
    end,
    minPrice,
    maxPrice,
    provider,
    timeZone: timeZones.get(provider) ?? 'UTC',
    baseId: fieldOf(rows, row, column.base_id),
    planId: fieldOf(rows, row, column.plan_id),
    sellMode: facts[at.sellMode] as SellMode,
    sellFrom: facts[at.sellFrom] as string | null,
    sellTo: facts[at.sellTo] as string | null,
    soldOut: facts[at.soldOut] as boolean | null,
    status: statusOf({ status: facts[at.status] } as Facts),
    capacity: capacity === undefined ? (capacities.get(id) ?? null) : capacity,
    listed: !fieldIs(rows, row, column.listing, 'withdrawn'),
    changedAt,
  };
  const zonesHash = facts[at.zonesHash] as string;
  return { event, start, end, row, zonesHash, sightings: sightingsOf(slice, row, event) };
}

function sightingsOf(
  { rows, onlineUntil }: PackedSlice,
  row: number,
  { id, listed, sellMode, changedAt }: DetailedEvent,
): Sightings {
  // The last change of a withdrawn event is that it was withdrawn.
  const lastSeenAt = listed ? null : changedAt;
  return {
    firstSeenAt: Number(fieldOf(rows, row, column.first_seen_at)),
    lastSeenAt,
    lastOnlineAt: sellMode === 'online' ? lastSeenAt : (onlineUntil.get(id) ?? changedAt),
  };
}

/** The ids of the events whose facts were stored by an earlier version of Marquee, which did not store the capacity. */
export function withoutCapacity(rows: PackedTexts): string[] {
  const ids: string[] = [];
  for (let row = 0; row < rowCount(rows); row++) {
    // Those facts end with a text, the hash of the zones; with a capacity, they end with a number, null or a status.
    const endsWith = (end: string): boolean => fieldEndsWith(rows, row, column.facts, end);
    if (endsWith('"]') && !statusEnds.some(endsWith)) ids.push(uuidIn(fieldOf(rows, row, column.id)));
  }
  return ids;
}

const statusEnds = statuses.map((status) => `,"${status}"]`);

/** Whether an event that was online is offline. */
export function hasOffline(rows: PackedTexts): boolean {
  for (let row = 0; row < rowCount(rows); row++) {
    const field = row * rows.columns + column.shown;
    if (rows.ends[field] !== rows.ends[field - 1]) return true;
  }
  return false;
}
