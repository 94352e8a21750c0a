// A bench for a test: it logs nothing, and its directory is removed with the test.

import type { ExecutionContext } from 'ava';
import type { Bench } from '../../load/kit/bench.ts';
import type { Case, Plan } from '../../load/search/plan.ts';
import { directoryFor } from '../_support/directory.ts';
import { isLong } from '../_support/long.ts';

export async function benchFor(t: ExecutionContext): Promise<Bench> {
  const stop = new AbortController();
  t.teardown(() => stop.abort());
  return {
    quick: true,
    large: false,
    soak: false,
    home: await directoryFor(t),
    stop: stop.signal,
    log: () => undefined,
  };
}

export const points: Case = {
  name: 'point queries',
  shape: 'point',
  order: 'different',
  encoding: 'identity',
  bare: 'bytes',
  connections: 4,
  target: 0.75,
};

/** All parts of the suite, each as short as possible: what drives the system as hard as it can most of all. */
export const tinyPlan = (cases: readonly Case[]): Plan => ({
  workers: 1,
  catalogues: [{ events: 600, days: 30, cases }],
  rounds: 2,
  warmSeconds: isLong ? 0.5 : 0.3,
  roundSeconds: isLong ? 0.5 : 0.3,
  rangesMax: 200,
  timeoutSeconds: 60,
  others: false,
  fixed: { rates: [100], windows: 1, windowSeconds: 1, connections: 4, changeEveryMs: 250 },
  witness: { rounds: 1, seconds: 0.3, connections: 2 },
  memorySeconds: isLong ? 1 : 0.5,
});
