// Divides the catalogue into segments: years with few events, else months, else days. The result depends only on the number
// of events that start on each day, so the same catalogue is always divided in the same way.

import { civilFromDay, dayFromCivil } from '#/domain/time/calendar.ts';

/** Start days covered by a segment: `fromDay` inclusive, `toDay` exclusive, in days since 1970. */
export interface Slice {
  /** `2021`, `2021-06` or `2021-06-30`. */
  readonly key: string;
  readonly fromDay: number;
  readonly toDay: number;
  readonly events: number;
}

/**
 * A year or month with more events is divided further. A day is never divided, whatever its size. A change of one event costs
 * ingest and each worker its whole segment, so that larger ones are seen in the latencies: see record 138.
 */
export const sliceEventsMax = 2048;

/** `counts`: events per start day; days without events may be absent. The slices are in order of time and cover all events. */
export function partition(counts: ReadonlyMap<number, number>, eventsMax = sliceEventsMax): Slice[] {
  const days = [...counts].filter(([, events]) => events > 0).toSorted(([a], [b]) => a - b);
  return groupBy(days, yearOf, eventsMax).flatMap((year) =>
    year.slice !== null
      ? [year.slice]
      : groupBy(year.days, monthOf, eventsMax).flatMap((month) =>
          month.slice !== null ? [month.slice] : month.days.map(([day, events]) => dayOf(day, events)),
        ),
  );
}

type DayCount = readonly [day: number, events: number];

interface Group {
  readonly days: readonly DayCount[];
  /** Null when the group is too large for one segment. */
  readonly slice: Slice | null;
}

type Span = Omit<Slice, 'events'>;

function groupBy(days: readonly DayCount[], spanOf: (day: number) => Span, eventsMax: number): Group[] {
  const groups: Group[] = [];
  for (let from = 0; from < days.length;) {
    const span = spanOf(days[from]?.[0] ?? 0);
    let to = from;
    let events = 0;
    for (let next = days[to]; next !== undefined && next[0] < span.toDay; next = days[++to])
      events += next[1];
    groups.push({ days: days.slice(from, to), slice: events <= eventsMax ? { ...span, events } : null });
    from = to;
  }
  return groups;
}

function yearOf(day: number): Span {
  const { year } = civilFromDay(day);
  return {
    key: yearKey(year),
    fromDay: dayFromCivil(year, 1, 1),
    toDay: dayFromCivil(year + 1, 1, 1),
  };
}

function monthOf(day: number): Span {
  const { year, month } = civilFromDay(day);
  const toDay = month === 12 ? dayFromCivil(year + 1, 1, 1) : dayFromCivil(year, month + 1, 1);
  return { key: `${yearOf(day).key}-${two(month)}`, fromDay: dayFromCivil(year, month, 1), toDay };
}

const dayOf = (day: number, events: number): Slice => ({
  key: `${monthOf(day).key}-${two(civilFromDay(day).day)}`,
  fromDay: day,
  toDay: day + 1,
  events,
});

/** Local times in the years 0 and 9999 may be instants in the year before or after: `-0001`, `10000`. */
const yearKey = (year: number): string => (year < 0 ? '-' : '') + String(Math.abs(year)).padStart(4, '0');

const two = (number: number): string => String(number).padStart(2, '0');
