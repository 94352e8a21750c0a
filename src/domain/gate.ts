// Decides whether a complete feed may withdraw events. A feed that is half empty or many times larger than the last one
// is more often a fault of the provider than a real change.

import { refuse, type Refusal } from './refusal.ts';
import type { ValueLimits } from './value-gate.ts';

export interface GateLimits extends ValueLimits {
  /** The largest share of the listed events that one feed may withdraw, 0 to 1. */
  readonly withdrawShareMax: number;
  /** The largest ratio of the events in one feed to the events listed before. */
  readonly growthFactorMax: number;
}

export interface Census {
  /** Events listed before this feed. */
  readonly before: number;
  /** How many of those the feed no longer has. */
  readonly lost: number;
  /** Events in the feed that were not listed before. */
  readonly gained: number;
}

/** Up to this many listed events, the gate does not apply: three of four events may really be over. */
const smallMax = 20;

/** Null when the withdrawals may be applied. `approved`: how many withdrawals an operator has approved. */
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

/** A refusal when the feed lists many more events than before, else null. */
export function growth({ before, lost, gained }: Census, { growthFactorMax }: GateLimits): Refusal | null {
  const now = before - lost + gained;
  if (before <= smallMax || now <= before * growthFactorMax) return null;
  const message = `The feed grew from ${before} to ${now} events, expected at most ${growthFactorMax} times as many.`;
  return refuse('feed_grown', message);
}
