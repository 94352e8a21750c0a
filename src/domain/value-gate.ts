// Decides whether a feed may change prices and dates. Other prices or other dates of most events at once are more often a changed unit
// or a changed time zone than new values. Decision record 114 has the reasons.

import { refuse, type Refusal } from './refusal.ts';

export interface ValueLimits {
  /** The largest share of the records whose prices may change at once, 0 to 1. Absent: no limit. */
  readonly priceShareMax?: number;
  /** The same for dates. */
  readonly dateShareMax?: number;
}

export interface ValueCensus {
  /** Records of events that are known, unchanged ones too. */
  readonly records: number;
  /** How many of those have other prices. */
  readonly prices: number;
  /** How many have other dates. */
  readonly dates: number;
  /** The most frequent factor of the lowest price, and shift of the start in minutes; null when there are none. */
  readonly factor: number | null;
  readonly shift: number | null;
}

/** Nothing was compared. */
export const noValues: ValueCensus = { records: 0, prices: 0, dates: 0, factor: null, shift: null };

/** Up to this many records, the gate does not apply: all of a few prices may really change. */
const smallMax = 20;

/** Null when the values may be absorbed. */
export function judgeValues(
  { records, prices, dates, factor, shift }: ValueCensus,
  { priceShareMax = 1, dateShareMax = 1 }: ValueLimits,
): Refusal | null {
  if (records <= smallMax) return null;
  const of = (changed: number, what: string, most: string, shareMax: number): string => {
    const share = `${Math.round((100 * changed) / records)} %`;
    return `${changed} of ${records} records have other ${what} (${share}), most often ${most}, expected at most ${shareMax * 100} %.`;
  };
  const messages = [
    ...(prices > records * priceShareMax ? [of(prices, 'prices', `× ${factor}`, priceShareMax)] : []),
    ...(dates > records * dateShareMax ? [of(dates, 'dates', `by ${shift} minutes`, dateShareMax)] : []),
  ];
  return messages.length === 0 ? null : refuse('values_held', messages.join(' '));
}
