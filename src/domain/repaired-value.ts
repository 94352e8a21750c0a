// Repairs values that are not in the expected form but have only one possible meaning. Callers try the expected form first.
// Every function returns null when the meaning is not certain.

import type { SellMode } from './event.ts';
import { parsePrice } from './price.ts';
import { isRefusal } from './refusal.ts';

const amount = /^\+?(\d+)(?:\.(\d+)|,(\d{1,2}))?$/;

/**
 * Accepts `+12.5`, ` 20.00 ` and `12,50`. A comma counts as a decimal comma only before one or two digits, because
 * `1,234` may be one thousand. A currency is not accepted, since expected prices have none.
 */
export function repairedPrice(text: string): number | null {
  const match = amount.exec(text.trim());
  if (match === null) return null;
  const decimals = match[2] ?? match[3];
  const price = parsePrice(decimals === undefined ? (match[1] ?? '') : `${match[1]}.${decimals}`);
  return isRefusal(price) ? null : price;
}

/** Accepts ` 5` and `+5`. `1.000` is not accepted: it may be one seat or a thousand. */
export function repairedCapacity(text: string, capacityMax: number): number | null {
  const match = /^\+?(\d{1,10})$/.exec(text.trim());
  return match !== null && Number(match[1]) <= capacityMax ? Number(match[1]) : null;
}

const booleans = new Map(
  ['true', '1', 'yes', 'y']
    .map((word): [string, boolean] => [word, true])
    .concat(['false', '0', 'no', 'n'].map((word) => [word, false])),
);

/** Accepts `true`, `1`, `yes`, `y` and their opposites, in any case, with spaces around. */
export const repairedBoolean = (text: string): boolean | null =>
  booleans.get(text.trim().toLowerCase()) ?? null;

export function repairedSellMode(text: string): SellMode | null {
  const word = text.trim().toLowerCase();
  return word === 'online' || word === 'offline' ? word : null;
}
