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
