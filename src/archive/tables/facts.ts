// In which order the facts of an event stand in a row. What the search sees comes first. A new fact goes to the end: in rows
// that are there already it is absent.

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
  'capacity',
] as const satisfies readonly (keyof Facts)[];

/** Those of migration 6, which its views and the archives carried over to it have. */
export const factNames0006 = factNames.filter((name) => name !== 'capacity');
