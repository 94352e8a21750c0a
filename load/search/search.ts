// GET /search under load, against what bare node:http can do on the same machine in the same minutes.

import { median } from 'simple-statistics';
import { messageOf } from '#/kit/errors.ts';
import type { Bench, Outcome } from '../kit/bench.ts';
import { readPulses } from '../kit/pulses.ts';
import { shortNumber } from '../kit/table.ts';
import { measureCase, ratiosOf, type MeasuredCase } from './case.ts';
import { loadCatalogue } from './catalogue.ts';
import { measureChanging, measureRates } from './fixed.ts';
import { measureMemory } from './memory.ts';
import { outcomeOf, type Measured } from './outcome.ts';
import { fullPlan, quickPlan, type Plan } from './plan.ts';
import { setStage, type Stage } from './stage.ts';

export const searchSuite = (bench: Bench): Promise<Outcome> =>
  runSearch(bench, bench.quick ? quickPlan : fullPlan(bench.soak));

/** What was measured before something failed, or before Ctrl-C, is not lost: it comes with the failure. */
export async function runSearch(bench: Bench, plan: Plan): Promise<Outcome> {
  await using stage = await setStage(bench, plan);
  const measured: Measured = { plan, cases: [], rates: [], memory: null, pulsed: [], fault: null };
  try {
    for (const spec of plan.catalogues) await measureCatalogue(stage, spec, measured);
  } catch (error) {
    if (measured.cases.length === 0) throw error;
    measured.fault = messageOf(error);
  }
  measured.pulsed.push(...(await readPulses(stage.pulses)));
  return outcomeOf(measured);
}

async function measureCatalogue(
  stage: Stage,
  spec: Plan['catalogues'][number],
  measured: Measured,
): Promise<void> {
  const { bench, plan } = stage;
  // 1. A catalogue, and what is true of it
  bench.say(`search: loading ${spec.events.toLocaleString('en')} events`);
  await using catalogue = await loadCatalogue(bench, spec, plan.workers, stage.environment);
  const { oracle, loadMs } = catalogue;
  bench.say(`search: ${oracle.starts.length} events can be searched after ${Math.round(loadMs)} ms`);
  // 2. Each case at saturation
  for (const one of spec.cases) {
    const done = await measureCase(stage, catalogue, one);
    measured.cases.push(done);
    bench.say(`  ${wordsOf(done)}`);
  }
  if (spec !== plan.catalogues.at(-1)) return;
  // 3. On the largest: fixed rates, memory, and changes
  await measureRates(stage, catalogue, measured.rates);
  measured.memory = await measureMemory(stage, catalogue);
  measured.rates.push(await measureChanging(stage, catalogue));
}

function wordsOf(measured: MeasuredCase): string {
  const { search, failures } = measured;
  const failed = failures.length === 0 ? '' : `, FAILED: ${failures[0]}`;
  return `${shortNumber(median(search.perSecond))}/s, ${shortNumber(median(ratiosOf(measured)))} × of bare${failed}`;
}
