// The facts of an event as text: a JSON array in this order, half as long as an object. What the search sees comes first. A new
// fact goes to the end: texts that are stored already do not have it.

import type { CatalogueEvent, Facts } from '#/domain/event.ts';

export const factNames = [
  'title',
  'startLocal',
  'endLocal',
  'start',
  'end',
  'minPrice',
  'maxPrice',
  'sellMode',
  'organizerCompanyId',
  'sellFrom',
  'sellTo',
  'soldOut',
  'zonesHash',
  'capacity',
  'status',
] as const satisfies readonly (keyof Facts)[];

/** Those of migration 6, which its views and the archives carried over to it have. */
export const factNames0006 = factNames.filter((name) => name !== 'capacity' && name !== 'status');

export function factsText(facts: Facts): string {
  const values: unknown[] = [
    facts.title,
    facts.startLocal,
    facts.endLocal,
    facts.start,
    facts.end,
    facts.minPrice,
    facts.maxPrice,
    facts.sellMode,
    facts.organizerCompanyId,
    facts.sellFrom,
    facts.sellTo,
    facts.soldOut,
    facts.zonesHash,
    facts.capacity ?? null,
    facts.status,
  ];
  // A fact that is absent stays absent: in JSON it would become null.
  if (facts.status === undefined) values.length -= facts.capacity === undefined ? 2 : 1;
  return JSON.stringify(values);
}

/** Throws SyntaxError when `text` is not JSON. */
export const factsIn = (text: string): Facts => factsOf(JSON.parse(text) as unknown[]);

/** The facts of an array in the order of `factNames`. */
export const factsOf = (values: readonly unknown[]): Facts =>
  Object.fromEntries(values.map((value, i) => [factNames[i], value])) as Facts;

/** What the search returns of an event: `values` are its facts, or the first of them as last seen online. */
export function shownIn(id: string, values: readonly unknown[]): CatalogueEvent {
  const [title, startLocal, endLocal, start, end, minPrice, maxPrice] = values as unknown as ShownValues;
  return { id, title, startLocal, endLocal, start, end, minPrice, maxPrice };
}

export type ShownValues = [string, string, string, number, number, number | null, number | null];

const [quotation, backslash, comma, minus, zero] = [34, 92, 44, 45, 48];
const textsBeforeStart = factNames.indexOf('start');

/**
 * The number behind the first three facts, the start, and the one behind that, the end: read from the bytes of a text at a tenth of
 * the cost of parsing it. Null when the text is not as `factsText` writes it.
 */
export function instantsIn(bytes: Uint8Array, from: number): readonly [start: number, end: number] | null {
  let at = from + 1;
  for (let text = 0; text < textsBeforeStart; text++) {
    if (bytes[at++] !== quotation) return null;
    while (bytes[at] !== quotation) {
      if (at >= bytes.length) return null;
      at += bytes[at] === backslash ? 2 : 1;
    }
    if (bytes[++at] !== comma) return null;
    at++;
  }
  const instants: [number, number] = [0, 0];
  for (let i = 0; i < instants.length; i++) {
    const sign = bytes[at] === minus ? -1 : 1;
    if (sign < 0) at++;
    const first = at;
    let number = 0;
    for (let digit = digitAt(bytes, at); digit !== null; digit = digitAt(bytes, ++at))
      number = 10 * number + digit;
    // Every instant that a date can have is a whole number of at most 16 digits, which is exact.
    if (at === first || at - first > 16 || bytes[at++] !== comma) return null;
    instants[i] = sign * number;
  }
  return instants;
}

function digitAt(bytes: Uint8Array, at: number): number | null {
  const digit = (bytes[at] ?? 0) - zero;
  return digit >= 0 && digit <= 9 ? digit : null;
}
