// Random ranges with about a given number of events or of days, anywhere in the catalogue.

import { between, type Random } from '../../simulator/random.ts';
import type { Oracle, Range } from '../catalogue/oracle.ts';

export type Shape = 'point' | 'hundred' | 'thousand' | 'day' | 'month' | 'everything';

const dayMs = 86_400_000;
const eventsIn = { point: 5, hundred: 100, thousand: 1000 } as const;
const daysIn = { day: 1, month: 30 } as const;
const drawsMax = 20;
/** At most this many events start before an event of some hours ends, except on a festival day. */
const underWayMax = 300;

/** Events start and end at multiples of ten minutes: moving a bound by less selects the same events. */
export const oddMs = 599_999;

export function drawRange(shape: Shape, oracle: Oracle, random: Random): Range {
  if (shape === 'everything') return { start: -Infinity, end: Infinity };
  if (shape === 'day' || shape === 'month') return drawDays(oracle, random, daysIn[shape]);
  // On a festival day, a range of a few events can contain hundreds: then draw again.
  const wanted = eventsIn[shape];
  let range = drawNeighbours(oracle, random, wanted);
  for (let draws = 1; draws < drawsMax && !isAbout(oracle.count(range), wanted); draws++)
    range = drawNeighbours(oracle, random, wanted);
  return range;
}

const isAbout = (count: number, wanted: number): boolean => count >= wanted / 2 && count <= wanted * 2;

/**
 * From the start of one event until the ends of `wanted` events after it: in a large catalogue, hundreds start before the first
 * few end. Skips the few that run for months.
 */
function drawNeighbours({ starts, ends }: Oracle, random: Random, wanted: number): Range {
  const skipped = Math.ceil(wanted * 0.15);
  const first = between(random, 0, Math.max(0, starts.length - wanted - skipped));
  const sorted = ends.slice(first, first + wanted + skipped + underWayMax).sort();
  return { start: starts[first] ?? 0, end: sorted[Math.min(wanted, sorted.length) - 1] ?? 0 };
}

function drawDays({ starts }: Oracle, random: Random, days: number): Range {
  const firstDay = Math.floor((starts[0] ?? 0) / dayMs);
  const lastDay = Math.floor((starts.at(-1) ?? 0) / dayMs);
  const start = between(random, firstDay, Math.max(firstDay, lastDay - days)) * dayMs;
  return { start, end: start + days * dayMs - 1 };
}
