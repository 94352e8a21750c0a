// GET /search under load, against what bare node:http can do on the same machine in the same minute.

import type { Bench, Outcome } from '../kit/bench.ts';
import { startChild, type Child } from '../kit/child.ts';
import { freePorts } from '../kit/ports.ts';
import type { System } from '../kit/system.ts';
import { shortNumber, verdict } from '../kit/table.ts';
import type { Recipe } from '../simulator/recipe.ts';
import type { BaselineReady } from './baseline.ts';
import { loadCatalogue } from './catalogue.ts';
import { drive, type Driven } from './drive.ts';
import { createOracle, type Oracle, type Range } from './oracle.ts';
import { checkAnswers, checkMeanwhile } from './samples.ts';
import { drawRanges, queryOf, scenarios, type Scenario } from './scenarios.ts';

interface Measured {
  readonly scenario: string;
  readonly target: number;
  readonly answerBytes: number;
  readonly eventsPerAnswer: number;
  readonly bare: Driven;
  readonly search: Driven;
  readonly faults: readonly string[];
}

const workers = 2;
const samples = 40;

export async function searchSuite(bench: Bench): Promise<Outcome> {
  const recipe: Partial<Recipe> = { bases: bench.quick ? 2000 : 20_000, plansPerBase: 1, zonesPerPlan: 3 };
  // 1. A catalogue, and what is true of it
  const oracle = createOracle(recipe);
  bench.say(`search: loading ${oracle.events.length} events`);
  await using system = await loadCatalogue(bench, recipe, oracle.events.length, workers);
  const everything = await checkAnswers(system, oracle, [{ start: -Infinity, end: Infinity }]);
  // 2. Each scenario
  const measured: Measured[] = [];
  for (const scenario of scenarios)
    measured.push(await measure(bench, system, oracle, scenario, everything.bytes));
  // 3. What came of it
  return outcomeOf(oracle, measured, everything.faults);
}

async function measure(
  bench: Bench,
  system: System,
  oracle: Oracle,
  scenario: Scenario,
  catalogueBytes: number,
): Promise<Measured> {
  const ranges = drawRanges(scenario, oracle, bench.quick ? 2000 : 20_000, 1);
  const sampled = ranges.slice(0, samples);
  const checked = await checkAnswers(system, oracle, sampled);
  const answerBytes = Math.round(checked.bytes / samples);
  const paths = ranges.map((range) => `/search?${queryOf(range)}`);
  const load = { paths, connections: scenario.connections, stop: system.stop };

  bench.say(`search: ${scenario.name}, bare node:http with ${answerBytes} bytes`);
  const bare = await driveBare(bench, load, answerBytes, catalogueBytes);
  bench.say(`search: ${scenario.name}, the system`);
  const over = new AbortController();
  const meanwhile = checkMeanwhile(system, oracle, drawRanges(scenario, oracle, samples, 2), over.signal);
  const search = await warmAndDrive(bench, { ...load, url: system.url }).finally(() => over.abort());
  return {
    scenario: scenario.name,
    target: scenario.target,
    answerBytes,
    eventsPerAnswer: meanEvents(oracle, sampled),
    bare,
    search,
    faults: [...bare.failures, ...search.failures, ...checked.faults, ...(await meanwhile)],
  };
}

type Load = Omit<Parameters<typeof drive>[0], 'url' | 'seconds'>;

async function driveBare(
  bench: Bench,
  load: Load,
  answerBytes: number,
  bufferBytes: number,
): Promise<Driven> {
  const [port] = (await freePorts(1)) as [number];
  await using child: Child = startChild(new URL('baseline.ts', import.meta.url), {
    args: [port, workers, answerBytes, bufferBytes].map(String),
  });
  await child.hear<BaselineReady>('baseline-ready', 30_000, bench.stop);
  return await warmAndDrive(bench, { ...load, url: `http://127.0.0.1:${port}` });
}

/** The first seconds are for the compiler. */
async function warmAndDrive(bench: Bench, load: Load & { url: string }): Promise<Driven> {
  const [warmSeconds, seconds] = bench.quick ? [1, 3] : [3, 10];
  const warm = await drive({ ...load, seconds: warmSeconds });
  const driven = await drive({ ...load, seconds });
  return { ...driven, failures: [...warm.failures, ...driven.failures] };
}

const meanEvents = (oracle: Oracle, ranges: readonly Range[]): number =>
  ranges.reduce((sum, range) => sum + oracle.count(range), 0) / ranges.length;

function outcomeOf(oracle: Oracle, measured: readonly Measured[], general: readonly string[]): Outcome {
  const rows = measured.map(({ scenario, target, eventsPerAnswer, answerBytes, bare, search }) => {
    const ratio = search.requestsPerSecond / bare.requestsPerSecond;
    return [
      scenario,
      shortNumber(eventsPerAnswer),
      `${shortNumber(answerBytes / 1000)} kB`,
      shortNumber(bare.requestsPerSecond),
      shortNumber(search.requestsPerSecond),
      `${search.p50Ms} ms`,
      `${search.p99Ms} ms`,
      `${shortNumber(ratio)} ×`,
      `${target} ×`,
      verdict(ratio >= target),
    ];
  });
  return {
    title: `Search: ${oracle.events.length} events, all queries different, ${workers} workers`,
    columns: ['', 'events', 'answer', 'bare/s', 'search/s', 'p50', 'p99', 'of bare', 'target', ''],
    rows,
    failures: [
      ...general,
      ...measured.flatMap(({ scenario, faults }) => faults.map((fault) => `${scenario}: ${fault}`)),
    ],
    figures: { events: oracle.events.length, workers, measured },
  };
}
