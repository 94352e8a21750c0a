// Limits how much is under way at the same time, where tasks differ in size.

export type WeightedLimit = <T>(weight: number, task: () => Promise<T>) => Promise<T>;

/** `most`: of the weights of all tasks under way; a heavier one is under way alone. Tasks begin in the order in which they came. */
export function createWeightedLimit(most: number): WeightedLimit {
  let taken = 0;
  const waiting: { readonly weight: number; readonly begin: () => void }[] = [];

  function beginAllThatFit(): void {
    for (let [next] = waiting; next !== undefined; [next] = waiting) {
      if (taken > 0 && taken + next.weight > most) return;
      waiting.shift();
      taken += next.weight;
      next.begin();
    }
  }

  return async (weight, task) => {
    await new Promise<void>((begin) => {
      waiting.push({ weight, begin });
      beginAllThatFit();
    });
    try {
      return await task();
    } finally {
      taken -= weight;
      beginAllThatFit();
    }
  };
}
