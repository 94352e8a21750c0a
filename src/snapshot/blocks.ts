// Where a segment's events are cut into blocks. A block is the unit that an answer takes whole, so its rectangle
// (starts × ends) should be small: events that run for days get blocks of their own, and never widen their neighbours'.

const blockEventsMax = 64;

/** Longer events than this are kept apart from the rest, and share a block only with such as end near them. */
const longMs = 36 * 3_600_000;

/** First ordinal of each block; `starts` and `ends` in milliseconds, sorted by start. At least one event. */
export function cutBlocks(starts: Float64Array, ends: Float64Array): Uint32Array {
  const firsts = [0];
  let first = 0;
  for (let i = 1; i < starts.length; i++) {
    const long = isLong(starts, ends, i);
    const full = i - first === blockEventsMax;
    const apart = long !== isLong(starts, ends, i - 1);
    const spread = long && Math.abs((ends[i] ?? 0) - (ends[first] ?? 0)) > longMs;
    if (!full && !apart && !spread) continue;
    firsts.push(i);
    first = i;
  }
  return Uint32Array.from(firsts);
}

const isLong = (starts: Float64Array, ends: Float64Array, i: number): boolean =>
  (ends[i] ?? 0) - (starts[i] ?? 0) > longMs;
