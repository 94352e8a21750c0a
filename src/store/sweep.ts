// Finds what a store holds and no kept version names. To list a store of thousands of segments takes longer than a publish of a few:
// between two listings only names are looked at that the sweep before had found named.

/** What remains of publishers that were killed, or of versions that failed, waits for the next listing. */
const listEveryMs = 60_000;

export interface Sweep {
  /**
   * Calls `remove` with names that are not in `named`. `list` returns all names of the store; `isWhole`: it was called. When
   * `remove` fails, the next sweep finds the same names again.
   */
  run(
    named: ReadonlySet<string>,
    list: () => Promise<readonly string[]>,
    remove: (unnamed: readonly string[], isWhole: boolean) => Promise<void>,
  ): Promise<void>;
}

/** `now` returns milliseconds of any clock: when it is set back, the next sweep lists the store. */
export function createSweep(now: () => number): Sweep {
  let before: ReadonlySet<string> = new Set();
  let listedAt = -Infinity;
  return {
    async run(named, list, remove) {
      const at = now();
      const isWhole = at < listedAt || at - listedAt >= listEveryMs;
      const names = isWhole ? await list() : [...before];
      await remove(
        names.filter((name) => !named.has(name)),
        isWhole,
      );
      before = named;
      if (isWhole) listedAt = at;
    },
  };
}
