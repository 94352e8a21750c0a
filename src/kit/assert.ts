// A broken invariant is a bug in Marquee: stop with what was seen instead of continuing.

/** Throws when `condition` is false. For invariants of the code only; invalid input is a Refusal. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Broken invariant: ${message}`);
}
