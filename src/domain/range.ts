/** What a search wants: inclusive, in milliseconds since 1970 UTC; an open bound is -Infinity or Infinity. */
export interface Range {
  readonly start: number;
  readonly end: number;
}
