// Turns a filter into what a scan of one segment needs: the ordinals of each layer that can match, and a test of one event.
//
//   match      an event from start to end, a range from S to E
//   within     start >= S and end <= E, as in /search
//   starts     S <= start <= E
//   contains   start <= S and end >= E
//   overlaps   takes place at some instant of the range. It does so from its start up to but not including its end; an event
//              without length does so at its start: start <= E and (start >= S or end > S)

import { isOffline, isSoldOut, none, sourceOf } from '#/snapshot/details.ts';
import { statusAt } from '#/snapshot/statuses.ts';
import { firstAbove, firstAtLeast } from '#/search/ordinals.ts';
import { longMs } from '#/snapshot/layers.ts';
import type { Layer } from '#/snapshot/segment.ts';
import type { DetailedSegment } from './edition.ts';
import type { StatusFilter } from './parameters.ts';
import type { EventFilter } from './query.ts';
import { titleMatches } from './titles.ts';

export interface Candidates {
  /** Ordinals of the brief layer and of the long one, `to` exclusive. */
  readonly briefFrom: number;
  readonly briefTo: number;
  readonly longFrom: number;
  readonly longTo: number;
  /** Whether the event at a place, with its end, matches; null when every candidate does. */
  readonly test: ((place: number, start: number, end: number) => boolean) | null;
}

interface Bounds {
  readonly startMin: number;
  readonly startMax: number;
  readonly endMin: number;
  readonly endMax: number;
  /** An event that starts here or later matches whatever `endMin` is. */
  readonly freeFrom: number;
}

const open = {
  startMin: -Infinity,
  startMax: Infinity,
  endMin: -Infinity,
  endMax: Infinity,
  freeFrom: Infinity,
};

export function boundsOf({ match, range: { start, end } }: Pick<EventFilter, 'match' | 'range'>): Bounds {
  if (match === 'within') return { ...open, startMin: start, startMax: end, endMax: end };
  if (match === 'starts') return { ...open, startMin: start, startMax: end };
  if (match === 'contains') return { ...open, startMax: start, endMin: end };
  // Instants are whole milliseconds.
  return { ...open, startMax: end, endMin: start + 1, freeFrom: start };
}

/** Null when no event of the segment matches. */
export function candidatesIn(
  segment: DetailedSegment,
  filter: EventFilter,
  bounds: Bounds,
): Candidates | null {
  const { startMin, startMax, endMin, endMax, freeFrom } = bounds;
  if (segment.minStart > startMax || segment.maxStart < startMin || segment.minEnd > endMax) return null;
  if (segment.maxEnd < endMin && segment.maxStart < freeFrom) return null;
  const columns = columnTest(segment, filter);
  if (columns === 'none') return null;
  const { brief, long } = segment;
  const [briefFrom, briefTo] = rangeIn(
    brief,
    Math.max(startMin, Math.min(endMin - longMs, freeFrom)),
    startMax,
  );
  const [longFrom, longTo] = rangeIn(long, startMin, startMax);
  const anyEnd = segment.maxEnd <= endMax && (segment.minEnd >= endMin || segment.minStart >= freeFrom);
  const test = anyEnd
    ? columns === null
      ? null
      : (place: number): boolean => columns(place)
    : (place: number, start: number, end: number): boolean =>
        end <= endMax && (end >= endMin || start >= freeFrom) && (columns === null || columns(place));
  return { briefFrom, briefTo, longFrom, longTo, test };
}

type ColumnTest = (place: number) => boolean;

/** Tests everything but the times; null when that admits every event, `none` when it admits no event. */
function columnTest(segment: DetailedSegment, filter: EventFilter): ColumnTest | 'none' | null {
  const { provider, sellMode, status, minPrice, maxPrice, available, words } = filter;
  const tests: ColumnTest[] = [];
  const { traits, minPrices, maxPrices, capacities, titleRanks, sources } = segment.details;
  if (provider !== null) {
    const admitted = Uint8Array.from(sources, (source) => Number(source.provider === provider));
    if (!admitted.includes(1)) return 'none';
    if (admitted.includes(0)) tests.push((place) => admitted[sourceOf(traits[place] as number)] === 1);
  }
  if (sellMode !== null) {
    const wanted = sellMode === 'offline';
    tests.push((place) => isOffline(traits[place] as number) === wanted);
  }
  const hasStatus = status === null ? null : statusTest(segment, status);
  if (hasStatus === 'none') return 'none';
  if (hasStatus !== null) tests.push(hasStatus);
  if (minPrice !== null || maxPrice !== null) {
    const [least, most] = [minPrice ?? 0, maxPrice ?? none - 1];
    tests.push((place) => {
      const price = maxPrices[place] as number;
      return price >= least && price !== none && (minPrices[place] as number) <= most;
    });
  }
  if (available !== null)
    tests.push((place) => {
      const capacity = capacities[place] as number;
      const has = capacity > 0 && capacity !== none && !isSoldOut(traits[place] as number);
      return has === available;
    });
  if (words.length > 0) {
    const matches = titleMatches(segment, words);
    if (!matches.includes(1)) return 'none';
    tests.push((place) => matches[titleRanks[place] as number] === 1);
  }
  return allOf(tests);
}

/** As `columnTest`. */
function statusTest({ details }: DetailedSegment, status: StatusFilter): ColumnTest | 'none' | null {
  if (status === 'sold_out') return (place) => isSoldOut(details.traits[place] as number);
  if (details.statuses === null) return status === 'scheduled' ? null : 'none';
  return (place) => statusAt(details, place) === status;
}

/** One call for one or two tests, which is what most queries have. */
function allOf(tests: readonly ColumnTest[]): ColumnTest | null {
  const [first, second, ...others] = tests;
  if (first === undefined) return null;
  if (second === undefined) return first;
  if (others.length === 0) return (place) => first(place) && second(place);
  return (place) => tests.every((test) => test(place));
}

/** The ordinals of events that start from `startMin` to `startMax`. */
function rangeIn({ starts }: Layer, startMin: number, startMax: number): [from: number, to: number] {
  const from = firstAtLeast(starts, startMin);
  return [from, firstAbove(starts, startMax, from)];
}
