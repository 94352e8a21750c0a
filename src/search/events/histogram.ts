// Counts matching events by the hour, day, week or month of their start in a time zone.

import { refuse, type Refusal } from '#/domain/refusal.ts';
import { Temporal } from '#/domain/time/temporal.ts';
import { startOf } from '#/snapshot/places.ts';
import type { DetailedSegment, Edition } from './edition.ts';
import type { Interval } from './parameters.ts';
import type { EventFilter, HistogramQuery } from './query.ts';
import { visitMatches } from './scan.ts';

export interface Bucket {
  /** The local time at which it begins, with its offset: `2021-03-01T00:00:00+01:00`. */
  readonly startsAt: string;
  readonly events: number;
}

export const bucketsMax = 2000;

/** The buckets from that of the first matching event to that of the last, empty ones included; in the order of time. */
export function countByInterval(edition: Edition, query: HistogramQuery): readonly Bucket[] | Refusal {
  const { filter, interval, timeZone } = query;
  const [first, last] = [edgeOf(edition, filter, false), edgeOf(edition, filter, true)];
  if (first === null || last === null) return [];
  const starts = beginnings(first, last, interval, timeZone);
  if (starts === null)
    return refuse(
      'too_many_buckets',
      `Got a range with more than ${bucketsMax} buckets of interval=${interval}, expected a shorter range or a longer interval.`,
    );
  const instants = starts.map(({ epochMilliseconds }) => epochMilliseconds);
  const counts = new Uint32Array(starts.length);
  let bucket = 0;
  // The events come in the order of their starts, so the bucket only moves forward.
  visitMatches(edition, filter, false, null, (index, place) => {
    const start = startOf(edition.segments[index] as DetailedSegment, place);
    while (bucket + 1 < instants.length && (instants[bucket + 1] as number) <= start) bucket++;
    counts[bucket] = (counts[bucket] as number) + 1;
    return true;
  });
  return starts.map((start, i) => ({
    startsAt: start.toString({ timeZoneName: 'never', smallestUnit: 'second' }),
    events: counts[i] as number,
  }));
}

/** The start of the first or the last matching event; null when none matches. */
function edgeOf(edition: Edition, filter: EventFilter, last: boolean): number | null {
  let edge: number | null = null;
  visitMatches(edition, filter, last, null, (index, place) => {
    edge = startOf(edition.segments[index] as DetailedSegment, place);
    return false;
  });
  return edge;
}

type Zoned = ReturnType<InstanceType<typeof Temporal.Instant>['toZonedDateTimeISO']>;

const steps = { hour: { hours: 1 }, day: { days: 1 }, week: { weeks: 1 }, month: { months: 1 } } as const;

/** Null when there are too many. Weeks begin on Monday. */
function beginnings(first: number, last: number, interval: Interval, timeZone: string): Zoned[] | null {
  const start = Temporal.Instant.fromEpochMilliseconds(first).toZonedDateTimeISO(timeZone);
  const day = start.startOfDay();
  const begins: Record<Interval, () => Zoned> = {
    hour: () => start.round({ smallestUnit: 'hour', roundingMode: 'floor' }),
    day: () => day,
    week: () => day.subtract({ days: start.dayOfWeek - 1 }).startOfDay(),
    month: () => day.with({ day: 1 }).startOfDay(),
  };
  const starts: Zoned[] = [];
  for (let next = begins[interval](); next.epochMilliseconds <= last;) {
    if (starts.length === bucketsMax) return null;
    starts.push(next);
    const after = next.add(steps[interval]);
    next = interval === 'hour' ? after : after.startOfDay();
  }
  return starts;
}
