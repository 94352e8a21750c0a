// Money as whole minor units (cents), because floating-point numbers do not represent all amounts exactly.

import type { Zone } from './event.ts';
import { refuse, shown, type Refusal } from './refusal.ts';

/** A price above this (ten million in the major unit) is an error of the feed. */
const minorUnitsMax = 1_000_000_000;

/** Accepts `20`, `20.5` and `20.50`, and further decimals only if they are zeros. Refuses signs, exponents and commas. */
export function parsePrice(text: string): number | Refusal {
  const minor = minorUnits(text);
  if (minor === null)
    return refuse('price_invalid', `Got price ${shown(text)}, expected an amount like 20.00.`);
  if (minor > minorUnitsMax)
    return refuse('price_invalid', `Got price ${shown(text)}, expected at most ${minorUnitsMax / 100}.`);
  return minor;
}

const unitDigitsMax = 12;
const zero = 48;

/** Matches `\d{1,12}(\.\d{1,2}0*)?` digit by digit, because a feed has millions of prices. Null when it does not match. */
function minorUnits(text: string): number | null {
  const dot = text.indexOf('.');
  const units = dot < 0 ? text.length : dot;
  if (units === 0 || units > unitDigitsMax || dot === text.length - 1) return null;
  let minor = 0;
  for (let i = 0; i < text.length; i++) {
    if (i === dot) continue;
    const digit = text.charCodeAt(i) - zero;
    if (digit < 0 || digit > 9) return null;
    if (i <= units + 2) minor = minor * 10 + digit;
    else if (digit > 0) return null;
  }
  const decimals = Math.min(2, Math.max(0, text.length - units - 1));
  return decimals === 2 ? minor : minor * (decimals === 1 ? 10 : 100);
}

/** The amount as the shortest JSON number: 2000 is `20`, 1550 is `15.5`, 1505 is `15.05`. */
export function priceAsJson(minor: number | null): string {
  if (minor === null) return 'null';
  const [major, rest] = [Math.trunc(minor / 100), minor % 100];
  if (rest === 0) return String(major);
  return rest % 10 === 0 ? `${major}.${rest / 10}` : `${major}.${String(rest).padStart(2, '0')}`;
}

/** Which zones count for the price of an event: all, or all except those with a capacity of 0. */
export type PriceZones = 'all' | 'with-capacity';

export interface PriceRange {
  readonly minPrice: number | null;
  readonly maxPrice: number | null;
}

export function priceRange(zones: readonly Zone[], counted: PriceZones): PriceRange {
  let minPrice: number | null = null;
  let maxPrice: number | null = null;
  for (const zone of zones) {
    if (counted === 'with-capacity' && zone.capacity === 0) continue;
    if (minPrice === null || zone.price < minPrice) minPrice = zone.price;
    if (maxPrice === null || zone.price > maxPrice) maxPrice = zone.price;
  }
  return { minPrice, maxPrice };
}
