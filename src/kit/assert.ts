// An invariant that does not hold is a fault of ours: stop with what was seen, never go on with it.

/** Throws when `condition` is false. For what we know, not for what we are told: bad input is a Refusal. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Broken invariant: ${message}`);
}
