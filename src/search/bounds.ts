// Which times match, as bounds of an event's start and end.
//
//   match      an event from start to end, a range from S to E
//   within     start >= S and end <= E, as in /search
//   starts     S <= start <= E
//   contains   start <= S and end >= E
//   overlaps   takes place at some instant of the range. It does so from its start up to but not including its end; an event
//              without length does so at its start: start <= E and (start >= S or end > S)

import type { EventFilter } from './events/query.ts';

export interface Bounds {
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

/** The least and the greatest times of some events. */
export interface Times {
  readonly minStart: number;
  readonly maxStart: number;
  readonly minEnd: number;
  readonly maxEnd: number;
}

/** Whether the times of all these events match. */
export const isWithin = ({ minStart, maxStart, minEnd, maxEnd }: Times, bounds: Bounds): boolean =>
  minStart >= bounds.startMin &&
  maxStart <= bounds.startMax &&
  maxEnd <= bounds.endMax &&
  (minEnd >= bounds.endMin || minStart >= bounds.freeFrom);

/** False when the times of none of these events match. */
export const mayMatch = (
  { minStart, maxStart, minEnd, maxEnd }: Times,
  { startMin, startMax, endMin, endMax, freeFrom }: Bounds,
): boolean =>
  minStart <= startMax &&
  maxStart >= startMin &&
  minEnd <= endMax &&
  (maxEnd >= endMin || maxStart >= freeFrom);
