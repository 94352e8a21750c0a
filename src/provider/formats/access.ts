// How a format reads the fields of an event.

import type { Lenient } from './lenient.ts';
import type { Values } from './values.ts';

/** The names of the fields in a format. */
export interface FieldNames {
  readonly baseId: string;
  readonly planId: string;
  readonly title: string;
  readonly sellMode: string;
  readonly organizerCompanyId: string;
  readonly start: string;
  readonly end: string;
  readonly sellFrom: string;
  readonly sellTo: string;
  readonly soldOut: string;
  /** Null in formats that have no status. */
  readonly status: string | null;
  readonly zones: string;
  readonly zoneId: string;
  readonly zoneName: string;
  readonly capacity: string;
  readonly price: string;
  readonly numbered: string;
}

/** The field names of a format, and how to read the fields. */
export interface FieldAccess<Element> {
  readonly fields: FieldNames;
  readonly values: Values<Element>;
  readonly lenient: Lenient<Element>;
}
