// Limits how often something happens in each second.

/** The returned function counts one use and returns whether it is allowed. `now` returns milliseconds. */
export function createRateLimit(perSecond: number, now: () => number): () => boolean {
  let second = 0;
  let used = 0;
  return () => {
    const present = Math.floor(now() / 1000);
    if (present !== second) {
      second = present;
      used = 0;
    }
    return ++used <= perSecond;
  };
}
