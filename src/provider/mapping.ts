// Which fields of a provider's records are which values of an event, as the entry of the provider configures it.

/** Members of a JSON record, with dots between them (`venue.name`, `prices.0.min`), or a column of a CSV row. */
export type FieldPath = string;

/** How to get one value from a record. An empty text counts as absent, so the next source is tried. */
export type Source =
  | FieldPath
  | { readonly constant: string | number | boolean }
  | {
      readonly path: FieldPath;
      /** What the texts at the path mean; a text that is not here is `otherwise`. Without it, the text itself. */
      readonly values?: Readonly<Record<string, string | number | boolean>> | undefined;
      readonly otherwise?: string | number | boolean | undefined;
    }
  /** The values at these paths, with `with` between them; those that are absent at the end are left out. */
  | { readonly join: readonly FieldPath[]; readonly with: string }
  /** The first that is present. */
  | readonly Source[];

export interface ZoneMapping {
  /** The path of an array: one zone for each of its elements. Without it, one zone, with paths from the record. */
  readonly each?: FieldPath | undefined;
  /** An element without a price is not a zone. */
  readonly price: Source;
  readonly zoneId?: Source | undefined;
  readonly name?: Source | undefined;
  readonly capacity?: Source | undefined;
  readonly numbered?: Source | undefined;
}

export interface Mapping {
  /** The path of the records in a JSON document; '' when they are the elements of its root. */
  readonly records: FieldPath;
  /** Between the columns of a CSV row. */
  readonly delimiter: string;
  readonly planId: Source;
  /** Without it, the plan's id. */
  readonly baseId?: Source | undefined;
  readonly title: Source;
  /** Without it, every event is online. */
  readonly sellMode?: Source | undefined;
  readonly organizerCompanyId?: Source | undefined;
  readonly start: Source;
  readonly end?: Source | undefined;
  /** The IANA zone of the local times in a record. Without it, that of the provider. */
  readonly timeZone?: Source | undefined;
  readonly sellFrom?: Source | undefined;
  readonly sellTo?: Source | undefined;
  readonly soldOut?: Source | undefined;
  /** Without it, every event is scheduled. */
  readonly status?: Source | undefined;
  readonly zones: readonly ZoneMapping[];
  /** `minor`: prices are whole cents. */
  readonly priceUnit: 'major' | 'minor';
}

export const isList = (source: Source): source is readonly Source[] => Array.isArray(source);
