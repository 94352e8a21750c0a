// The facts of an event as text: a JSON array in this order, half as long as an object. What the search sees comes first. A new
// fact goes to the end: texts that are stored already do not have it.

import type { Facts } from '#/domain/event.ts';

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
] as const satisfies readonly (keyof Facts)[];

export const factsText = (facts: Facts): string => JSON.stringify(factNames.map((name) => facts[name]));

/** Throws SyntaxError when `text` is not JSON. */
export const factsIn = (text: string): Facts => factsOf(JSON.parse(text) as unknown[]);

/** The facts of an array in the order of `factNames`. */
export const factsOf = (values: readonly unknown[]): Facts =>
  Object.fromEntries(factNames.map((name, i) => [name, values[i]])) as unknown as Facts;
