// So many a second, and no more.

/** The function says whether one more is allowed now. `now`: milliseconds. */
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
