// One case at saturation: the system and bare node:http in turns, so that a slow moment of the machine affects both.

import { mean } from 'simple-statistics';
import type { JobRequest, SaturateJob } from '../kit/saturate.ts';
import { constantFile, startBare, type Bare } from './baseline/bare.ts';
import type { Catalogue } from './catalogue/catalogue.ts';
import { nginxRate, wrkRates } from './other-tools.ts';
import type { Case } from './plan.ts';
import { someOf } from './queries/queries.ts';
import { prepareWorkload, type Workload } from './queries/workload.ts';
import { sampleMeanwhile } from './queries/samples.ts';
import { addRound, noRounds, type ServerRounds } from './server-rounds.ts';
import type { Harness } from './harness.ts';

export interface MeasuredCase {
  readonly catalogue: string;
  readonly name: string;
  readonly target: number | null;
  readonly eventsPerAnswer: number;
  readonly wireBytes: number;
  readonly bare: ServerRounds;
  readonly search: ServerRounds;
  /** Requests per second with other tools, one round each. */
  readonly nginx: number | null;
  readonly wrk: { readonly bare: number; readonly search: number } | null;
  /** Answers compared with the oracle. */
  readonly checked: number;
  readonly failures: readonly string[];
}

const samplesMeanwhile = 20;
const warmRequests = 20_000;
const requestsMax = 250_000;
const requestsMin = 200;

export async function measureCase(harness: Harness, catalogue: Catalogue, of: Case): Promise<MeasuredCase> {
  const { bench, plan } = harness;
  const { system, oracle } = catalogue;
  bench.log(`search, ${catalogue.name}: ${of.name}`);
  // 1. The requests, and samples checked by the oracle
  const workload = await prepareWorkload(catalogue, of, plan.rangesMax);
  const { lengths, ranges, sampled } = workload;
  const failures = [...workload.faults];
  // 2. Both servers, warmed up
  await using bare = await startBareFor(harness, catalogue, of, workload);
  const jobFor = (url: string, requests: readonly JobRequest[], seconds: number): SaturateJob => ({
    url,
    requests,
    connections: of.connections,
    seconds,
    status: of.bare === 'empty-304' ? 304 : 200,
    timeoutSeconds: plan.timeoutSeconds,
  });
  const load = (job: SaturateJob) =>
    of.reconnects === true ? harness.reconnect(job, system.stop) : harness.saturate(job, system.stop);
  const first = workload.next(warmRequests);
  const warmBare = await load(jobFor(bare.url, first, plan.warmSeconds));
  const warm = await load(jobFor(system.url, first, plan.warmSeconds));
  failures.push(...bareFailures(warmBare.failures), ...warm.failures);
  // 3. In turns
  const count = Math.max(
    requestsMin,
    Math.min(requestsMax, Math.ceil(warm.perSecond * plan.roundSeconds * 1.5)),
  );
  const sides = { bare: noRounds(), search: noRounds() };
  let checked = sampled.length;
  for (let round = 0; round < plan.rounds; round++) {
    const requests = workload.next(count);
    const turns = [
      async () => {
        const job = jobFor(bare.url, requests, plan.roundSeconds);
        failures.push(...bareFailures(await addRound(sides.bare, bare.pids, load, job)));
      },
      async () => {
        const over = new AbortController();
        const some = someOf(ranges, samplesMeanwhile, round);
        const meanwhile = sampleMeanwhile(system.url, some, of.encoding, oracle.fault, over.signal);
        const pids = (await system.status()).workers.map(({ pid }) => pid ?? 0);
        const job = jobFor(system.url, requests, plan.roundSeconds);
        const own = await addRound(sides.search, pids, load, job).finally(() => over.abort());
        const seen = await meanwhile;
        checked += seen.checked;
        failures.push(...own, ...seen.faults);
      },
    ];
    for (const turn of round % 2 === 0 ? turns : turns.toReversed()) await turn();
  }
  // 4. With other tools
  const wireBytes = Math.round(mean(lengths.wire));
  const nginx = await nginxRate(harness, of, sampled, wireBytes, jobFor('', first, plan.roundSeconds));
  const wrk = await wrkRates(
    harness,
    of,
    jobFor('', workload.next(count), plan.roundSeconds),
    bare.url,
    system.url,
  );
  return {
    catalogue: catalogue.name,
    name: of.name,
    target: of.target,
    eventsPerAnswer: mean(lengths.ranges.map((range) => oracle.count(range))),
    wireBytes,
    ...sides,
    nginx,
    wrk: wrk === null ? null : { bare: wrk.bare, search: wrk.search },
    checked,
    failures: [...failures, ...(wrk?.failures ?? [])],
  };
}

async function startBareFor(
  harness: Harness,
  { file }: Catalogue,
  { bare }: Case,
  { sampled, lengths: { plain, wire } }: Workload,
): Promise<Bare> {
  if (bare !== 'constant') return await startBare(harness, bare, file, plain);
  const bodies = sampled.map((one) => one.wire);
  return await startBare(harness, bare, await constantFile(harness, bodies), wire);
}

const bareFailures = (failures: readonly string[]): string[] => failures.map((failure) => `bare: ${failure}`);

/** The ratio of rates in each round. */
export const ratiosOf = ({ bare, search }: MeasuredCase): number[] =>
  search.perSecond.map((rate, round) => rate / (bare.perSecond[round] as number));

/**
 * Processor time of bare node:http per request, divided by that of the search, round by round. Null where it cannot be read.
 */
export function cpuRatiosOf({ bare, search }: MeasuredCase): number[] | null {
  const ratios = search.cpuUs.map((own, round) => (bare.cpuUs[round] ?? Number.NaN) / (own ?? Number.NaN));
  return ratios.every(Number.isFinite) ? ratios : null;
}
