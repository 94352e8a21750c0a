// Point queries by the client of the suite and by other tools: whether they measure the same latencies.

import { mulberry32 } from '../simulator/random.ts';
import { witness, type Witnessed } from '../witness/witness.ts';
import type { Catalogue } from './catalogue/catalogue.ts';
import type { Harness } from './harness.ts';
import { createQueries } from './queries/queries.ts';
import { drawRange } from './queries/ranges.ts';

const queriesMax = 5000;
const seed = 7;

export async function measureWitness(harness: Harness, catalogue: Catalogue): Promise<Witnessed> {
  const { bench, plan } = harness;
  const { system, oracle } = catalogue;
  bench.log(`search, ${catalogue.name}: latency by other tools`);
  const random = mulberry32(seed);
  const ranges = Array.from({ length: queriesMax }, () => drawRange('point', oracle, random));
  const requests = createQueries('different', ranges, seed)
    .next(queriesMax)
    .map(({ path }) => ({ path }));
  const { timeoutSeconds } = plan;
  return witness(
    {
      ...plan.witness,
      url: system.url,
      requests,
      timeoutSeconds,
      wrk: harness.wrk,
      home: bench.home,
      stop: system.stop,
    },
    {
      closedLoop: (job) => harness.closedLoop(job, system.stop),
      saturate: (job) => harness.saturate(job, system.stop),
    },
  );
}
