// Counts which days the searches ask for. A search costs two additions, however many days it has: the counts of the days are the
// sums of a list of differences.

import { dayOf } from '#/domain/time/calendar.ts';
import type { Range } from '#/domain/range.ts';

export interface DayCounts {
  readonly since: number;
  readonly searches: number;
  /** Of more than `widestDays`, or with an open bound: they say nothing of a day. */
  readonly wide: number;
  /** With a bound outside the days that are counted. */
  readonly outside: number;
  /** Days with searches, in order. */
  readonly days: readonly (readonly [day: number, searches: number])[];
}

export interface AskedDays {
  count(range: Range): void;
  read(): DayCounts;
}

const widestDays = 366;
/** From eleven years ago to eleven years ahead. */
const daysBefore = 4096;
const daysCounted = 8192;

/** `now`: milliseconds since 1970 UTC; the days that are counted stay those of that instant. */
export function createAskedDays(now: number): AskedDays {
  const first = dayOf(now) - daysBefore;
  const steps = new Float64Array(daysCounted + 1);
  let searches = 0;
  let wide = 0;
  let outside = 0;

  return {
    count({ start, end }) {
      searches++;
      const [from, to] = [dayOf(start) - first, dayOf(end) - first];
      // Also for an open bound, which is infinite.
      if (!(to - from < widestDays)) wide++;
      else if (from < 0 || to >= daysCounted) outside++;
      else {
        steps[from] = (steps[from] as number) + 1;
        steps[to + 1] = (steps[to + 1] as number) - 1;
      }
    },
    read() {
      const days: [day: number, searches: number][] = [];
      let asked = 0;
      for (let i = 0; i < daysCounted; i++) {
        asked += steps[i] as number;
        if (asked > 0) days.push([first + i, asked]);
      }
      return { since: now, searches, wide, outside, days };
    },
  };
}
