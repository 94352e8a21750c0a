// A slice of the catalogue on its way from the archive to the thread that builds its segment: the rows of its events, which that
// thread parses and sorts.

import type { DetailedEvent, SellMode } from '#/domain/event.ts';
import { uuidIn } from '#/domain/identity.ts';
import { factNames, shownIn } from './facts.ts';
import { fieldEndsWith, fieldOf, rowCount, type PackedTexts } from './texts.ts';

/** The columns of the rows. `facts`: see facts.ts. `shown`: the same, as last seen online; empty while `facts` are that. */
export const sliceColumns = ['id', 'provider', 'base_id', 'plan_id', 'listing', 'facts', 'shown'] as const;

export interface PackedSlice {
  readonly rows: PackedTexts;
  /** The IANA name of the time zone of each provider; UTC where it is absent. */
  readonly timeZones: ReadonlyMap<string, string>;
  /** By id: of events whose facts do not have it. */
  readonly capacities: ReadonlyMap<string, number | null>;
}

const column = Object.fromEntries(sliceColumns.map((name, i) => [name, i])) as Columns;
type Columns = Record<(typeof sliceColumns)[number], number>;
const at = Object.fromEntries(factNames.map((name, i) => [name, i])) as Record<FactName, number>;
type FactName = (typeof factNames)[number];

/** The events of a slice by (start, id). Throws SyntaxError when facts are not JSON. */
export function unpackSlice(slice: PackedSlice): DetailedEvent[] {
  const rows = Array.from({ length: rowCount(slice.rows) }, (_, row) => eventOf(slice, row));
  return rows.toSorted((a, b) => a.start - b.start || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

function eventOf({ rows, timeZones, capacities }: PackedSlice, row: number): DetailedEvent {
  const id = uuidIn(fieldOf(rows, row, column.id));
  const facts = JSON.parse(fieldOf(rows, row, column.facts)) as unknown[];
  const shown = fieldOf(rows, row, column.shown);
  const provider = fieldOf(rows, row, column.provider);
  const capacity = facts[at.capacity] as number | null | undefined;
  const event = shownIn(id, shown === '' ? facts : (JSON.parse(shown) as unknown[]));
  return {
    ...event,
    provider,
    timeZone: timeZones.get(provider) ?? 'UTC',
    baseId: fieldOf(rows, row, column.base_id),
    planId: fieldOf(rows, row, column.plan_id),
    sellMode: facts[at.sellMode] as SellMode,
    sellFrom: facts[at.sellFrom] as string | null,
    sellTo: facts[at.sellTo] as string | null,
    soldOut: facts[at.soldOut] as boolean | null,
    capacity: capacity === undefined ? (capacities.get(id) ?? null) : capacity,
    listed: fieldOf(rows, row, column.listing) !== 'withdrawn',
  };
}

/** The ids of the events whose facts were stored by an earlier version of Marquee, which did not store the capacity. */
export function withoutCapacity(rows: PackedTexts): string[] {
  const ids: string[] = [];
  for (let row = 0; row < rowCount(rows); row++) {
    // Those facts end with a text, the hash of the zones; with a capacity, they end with a number or null.
    if (fieldEndsWith(rows, row, column.facts, '"]')) ids.push(uuidIn(fieldOf(rows, row, column.id)));
  }
  return ids;
}
