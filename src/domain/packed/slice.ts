// A slice of the catalogue on its way from the archive to the thread that builds its segment: the rows of its events, which that
// thread parses and sorts.

import { statuses, type DetailedEvent, type Facts, type SellMode, type Sightings } from '#/domain/event.ts';
import { orderOf } from '#/domain/event-order.ts';
import { uuidIn } from '#/domain/identity.ts';
import { statusOf } from '#/domain/status.ts';
import { factNames, instantsIn, shownIn } from './facts.ts';
import { fieldBegin, fieldEndsWith, fieldIs, fieldOf, rowCount, type PackedTexts } from './texts.ts';
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
  readonly row: number;
  readonly zonesHash: string;
  readonly sightings: Sightings;
}

/** The events of a slice by (start, id). A day may have 100,000: they are parsed one by one, and none is kept. */
export interface SliceEvents {
  /** Of each event, in milliseconds since 1970 UTC. */
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  /** Parses it again at each call. */
  at(ordinal: number): SliceEvent;
}

const column = Object.fromEntries(sliceColumns.map((name, i) => [name, i])) as Columns;
type Columns = Record<(typeof sliceColumns)[number], number>;
const at = Object.fromEntries(factNames.map((name, i) => [name, i])) as Record<FactName, number>;
type FactName = (typeof factNames)[number];

/** Throws SyntaxError, here or from `at`, when facts are not JSON. */
export function unpackSlice(slice: PackedSlice): SliceEvents {
  const { rows } = slice;
  const ids: string[] = [];
  const [starts, ends] = [new Float64Array(rowCount(rows)), new Float64Array(rowCount(rows))];
  for (let row = 0; row < starts.length; row++) {
    ids.push(uuidIn(fieldOf(rows, row, column.id)));
    [starts[row], ends[row]] = instantsAt(rows, row);
  }
  const order = orderOf(starts, ids);
  const provider = providersOf(rows);
  return {
    starts: Float64Array.from(order, (row) => starts[row] as number),
    ends: Float64Array.from(order, (row) => ends[row] as number),
    at(ordinal) {
      const row = order[ordinal] as number;
      return eventOf(slice, row, ids[row] as string, provider(row));
    },
  };
}

/** The start and the end of what the search shows. */
function instantsAt(rows: PackedTexts, row: number): readonly [start: number, end: number] {
  const field = isShownAsIs(rows, row) ? column.facts : column.shown;
  const read = instantsIn(rows.bytes, fieldBegin(rows, row, field));
  if (read !== null) return read;
  const shown = shownOf(rows, row, factsAt(rows, row));
  return [shown[at.start] as number, shown[at.end] as number];
}

/** The provider of a row: most rows have the one of the row that was asked for before. */
function providersOf(rows: PackedTexts): (row: number) => string {
  let provider = '';
  return (row) => {
    if (!fieldIs(rows, row, column.provider, provider)) provider = fieldOf(rows, row, column.provider);
    return provider;
  };
}

const factsAt = (rows: PackedTexts, row: number): unknown[] =>
  JSON.parse(fieldOf(rows, row, column.facts)) as unknown[];

/** `facts`: of the same row. */
const shownOf = (rows: PackedTexts, row: number, facts: unknown[]): unknown[] =>
  isShownAsIs(rows, row) ? facts : (JSON.parse(fieldOf(rows, row, column.shown)) as unknown[]);

/** Whether the search shows the facts themselves. */
const isShownAsIs = (rows: PackedTexts, row: number): boolean => fieldIs(rows, row, column.shown, '');

function eventOf(slice: PackedSlice, row: number, id: string, provider: string): SliceEvent {
  const { rows, timeZones, capacities } = slice;
  const facts = factsAt(rows, row);
  const shown = shownIn(id, shownOf(rows, row, facts));
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
  return { event, row, zonesHash, sightings: sightingsOf(slice, row, event) };
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
  for (let row = 0; row < rowCount(rows); row++) if (!isShownAsIs(rows, row)) return true;
  return false;
}
