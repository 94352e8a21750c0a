// GET /search under load, compared with bare node:http on the same machine in the same minutes.

import { median } from 'simple-statistics';
import { messageOf } from '#/kit/errors.ts';
import type { Bench, Outcome } from '../kit/bench.ts';
import { readProcessSamples } from '../kit/process-samples.ts';
import { shortNumber } from '../kit/table.ts';
import { measureCase, ratiosOf, type MeasuredCase } from './case.ts';
import { loadCatalogue } from './catalogue/catalogue.ts';
import { measureChanging, measureRates } from './fixed.ts';
import { measureMemory } from './memory.ts';
import type { Measured } from './measured.ts';
import { outcomeOf } from './outcome.ts';
import { fullPlan, quickPlan, type Plan } from './plan.ts';
import { startHarness, type Harness } from './harness.ts';
import { measureWitness } from './witness.ts';

export const searchSuite = (bench: Bench): Promise<Outcome> =>
  runSearch(bench, bench.quick ? quickPlan : fullPlan(bench.soak));

/** When a case fails, or at Ctrl-C, the outcome has what was measured before it, with the failure. */
export async function runSearch(bench: Bench, plan: Plan): Promise<Outcome> {
  await using harness = await startHarness(bench, plan);
  const measured: Measured = {
    plan,
    cases: [],
    rates: [],
    memory: null,
    witness: null,
    processes: [],
    fault: null,
  };
  try {
    for (const spec of plan.catalogues) await measureCatalogue(harness, spec, measured);
  } catch (error) {
    if (measured.cases.length === 0) throw error;
    measured.fault = messageOf(error);
  }
  measured.processes.push(...(await readProcessSamples(harness.samples)));
  return outcomeOf(measured);
}

async function measureCatalogue(
  harness: Harness,
  spec: Plan['catalogues'][number],
  measured: Measured,
): Promise<void> {
  const { bench, plan } = harness;
  // 1. A catalogue and its oracle
  bench.log(`search: loading ${spec.events.toLocaleString('en')} events`);
  await using catalogue = await loadCatalogue(bench, spec, plan.workers, harness.environment);
  const { oracle, loadMs } = catalogue;
  bench.log(`search: ${oracle.starts.length} events can be searched after ${Math.round(loadMs)} ms`);
  // 2. Each case at saturation
  for (const one of spec.cases) {
    const done = await measureCase(harness, catalogue, one);
    measured.cases.push(done);
    bench.log(`  ${lineOf(done)}`);
  }
  if (spec !== plan.catalogues.at(-1)) return;
  // 3. On the largest catalogue: fixed rates, other tools, memory, changes
  await measureRates(harness, catalogue, measured.rates);
  measured.witness = await measureWitness(harness, catalogue);
  measured.memory = await measureMemory(harness, catalogue);
  measured.rates.push(await measureChanging(harness, catalogue));
}

function lineOf(measured: MeasuredCase): string {
  const { search, failures } = measured;
  const failed = failures.length === 0 ? '' : `, FAILED: ${failures[0]}`;
  return `${shortNumber(median(search.perSecond))}/s, ${shortNumber(median(ratiosOf(measured)))} × of bare${failed}`;
}
