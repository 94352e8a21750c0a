// At most so many things at once; the others wait their turn, first come, first served.

export type Lanes = <T>(run: () => Promise<T>) => Promise<T>;

export function createLanes(count: number): Lanes {
  const waiting: (() => void)[] = [];
  let free = count;
  return async (run) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await run();
    } finally {
      // The lane goes to whoever waits longest, or is free again.
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    }
  };
}
