// Runs a long calculation in slices: between two of them the worker answers others.

import { setImmediate as immediate } from 'node:timers/promises';

/** A slice takes this long at least, and one step of the calculation more at most. */
const sliceMs = 2;

export async function inSlices<T>(steps: Generator<void, T>): Promise<T> {
  let begunAt = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (performance.now() - begunAt < sliceMs) continue;
    await immediate();
    begunAt = performance.now();
  }
}
