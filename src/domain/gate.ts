// Does a complete feed look like one that may withdraw events? A half-empty or a wildly grown feed is more often an
// accident of the provider than the truth.

import { refuse, type Refusal } from './refusal.ts';

export interface GateLimits {
  /** Of the listed events, the share that one feed may withdraw, 0 to 1. */
  readonly withdrawShareMax: number;
  /** How many times as many events one feed may list as the one before. */
  readonly growthFactorMax: number;
}

export interface Census {
  /** Events listed before this feed. */
  readonly before: number;
  /** Of those, how many the feed no longer has. */
  readonly lost: number;
  /** Events that the feed lists and that were not listed before. */
  readonly gained: number;
}

/** Below this many, shares say nothing: three of four events may well be over. */
const smallMax = 20;

/** Null when the withdrawals may go through. `approved`: how many an operator has let through. */
export function judge(
  { before, lost, gained }: Census,
  limits: GateLimits,
  approved: number,
): Refusal | null {
  if (lost === 0 || lost <= approved || before <= smallMax) return null;
  if (lost > before * limits.withdrawShareMax) {
    const share = `${Math.round((100 * lost) / before)} %`;
    const message = `The feed lost ${lost} of ${before} listed events (${share}), expected at most ${limits.withdrawShareMax * 100} %.`;
    return refuse('withdrawals_held', message);
  }
  const grown = growth({ before, lost, gained }, limits);
  return grown === null ? null : refuse('withdrawals_held', grown.message);
}

/** What there is to say of a feed that lists far more than before; null when it does not. */
export function growth({ before, lost, gained }: Census, { growthFactorMax }: GateLimits): Refusal | null {
  const now = before - lost + gained;
  if (before <= smallMax || now <= before * growthFactorMax) return null;
  const message = `The feed grew from ${before} to ${now} events, expected at most ${growthFactorMax} times as many.`;
  return refuse('feed_grown', message);
}
