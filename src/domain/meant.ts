// Values that are not written as they should be, but leave no doubt about what is meant. Asked only when the plain form
// has failed; null where there is a doubt.

import type { SellMode } from './event.ts';
import { parsePrice } from './price.ts';
import { isRefusal } from './refusal.ts';

const amount = /^\+?(\d+)(?:\.(\d+)|,(\d{1,2}))?$/;

/**
 * Reads `+12.5`, ` 20.00 ` and `12,50`. A comma is a decimal comma before one or two digits only: `1,234` may be a
 * thousand. A currency is a doubt too, since no price here has one.
 */
export function meantPrice(text: string): number | null {
  const match = amount.exec(text.trim());
  if (match === null) return null;
  const decimals = match[2] ?? match[3];
  const price = parsePrice(decimals === undefined ? (match[1] ?? '') : `${match[1]}.${decimals}`);
  return isRefusal(price) ? null : price;
}

/** Reads ` 5` and `+5`. `1.000` is a doubt: one seat or a thousand. */
export function meantCapacity(text: string, capacityMax: number): number | null {
  const match = /^\+?(\d{1,10})$/.exec(text.trim());
  return match !== null && Number(match[1]) <= capacityMax ? Number(match[1]) : null;
}

const booleans = new Map(
  ['true', '1', 'yes', 'y']
    .map((word): [string, boolean] => [word, true])
    .concat(['false', '0', 'no', 'n'].map((word) => [word, false])),
);

/** Reads `TRUE`, `1`, `yes`, `y` and their opposites, in any case, with blanks around. */
export const meantBoolean = (text: string): boolean | null => booleans.get(text.trim().toLowerCase()) ?? null;

export function meantSellMode(text: string): SellMode | null {
  const word = text.trim().toLowerCase();
  return word === 'online' || word === 'offline' ? word : null;
}
