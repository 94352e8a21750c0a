// What readers of the catalogue can have seen, so that nothing that was shown is taken back. A transaction that decides by that
// and a reader exclude each other: the reader begins before the decision, or after the transaction has ended.

export interface Shown {
  /** Runs `read`, which calls `saw` with the last journal entry that it can see, before it reads anything else. */
  reading<T>(read: (saw: (seq: number) => void) => Promise<T>): Promise<T>;
  /** Runs `write`, a whole transaction. `shownSeq` gives the last journal entry that a reader can have seen. */
  writing<T>(write: (shownSeq: () => number) => Promise<T>): Promise<T>;
  /**
   * The last journal entry that a reader has seen. It is all that a transaction needs to know in a database with one connection,
   * where a reader that waits begins after the transaction has ended.
   */
  readonly lastSeen: number;
}

export function createShown(): Shown {
  let lastSeen = 0;
  /** Readers that have begun and do not know yet what they see. */
  let beginning = 0;
  const deciding = new Set<Promise<unknown>>();

  return {
    get lastSeen() {
      return lastSeen;
    },

    async reading(read) {
      while (deciding.size > 0) await Promise.allSettled(deciding);
      beginning++;
      let begins = true;
      const begun = (): void => {
        if (begins) beginning--;
        begins = false;
      };
      try {
        return await read((seq) => {
          lastSeen = Math.max(lastSeen, seq);
          begun();
        });
      } finally {
        begun();
      }
    },

    async writing(write) {
      const { promise, resolve } = Promise.withResolvers<void>();
      try {
        return await write(() => {
          deciding.add(promise);
          return beginning > 0 ? Infinity : lastSeen;
        });
      } finally {
        deciding.delete(promise);
        resolve();
      }
    },
  };
}
