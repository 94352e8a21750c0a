/** The range of a search: inclusive, in milliseconds since 1970 UTC. An open bound is -Infinity or Infinity. */
export interface Range {
  readonly start: number;
  readonly end: number;
}
