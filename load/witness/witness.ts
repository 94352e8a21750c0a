// Whether other tools measure the same latencies: the client of the load suite, autocannon and wrk, where it is installed, load the
// same server in turns, each in a closed loop with as many connections.

import { join } from 'node:path';
import { median } from 'simple-statistics';
import type { Table } from '../kit/bench.ts';
import { at } from '../kit/latency.ts';
import { saturate, type Saturated, type SaturateJob } from '../kit/saturate.ts';
import { shortNumber } from '../kit/table.ts';
import { wrk } from '../search/driver/wrk.ts';
import { closedLoop, type Loop, type LoopJob, type Quantiles } from './closed-loop.ts';

export interface WitnessJob extends LoopJob {
  readonly rounds: number;
  /** The path of wrk; null when it is not installed. */
  readonly wrk: string | null;
  /** A directory for the script of wrk. */
  readonly home: string;
  readonly stop: AbortSignal;
}

/** How the tools are run: in this process, or in one of its own. */
export interface WitnessTools {
  closedLoop(job: LoopJob): Promise<Loop>;
  saturate(job: SaturateJob): Promise<Saturated>;
}

interface Reading extends Quantiles {
  readonly perSecond: number;
}

export interface Witnessed {
  readonly connections: number;
  readonly rounds: number;
  /** One reading per round. `corrected`: as wrk corrects its own. */
  readonly own: readonly (Reading & { readonly corrected: Quantiles })[];
  readonly autocannon: readonly Reading[];
  /** Null when wrk is not installed. */
  readonly wrk: readonly Reading[] | null;
  readonly failures: readonly string[];
}

const wrkSecondsMin = 1;

export async function witness(
  job: WitnessJob,
  tools: WitnessTools = { closedLoop, saturate },
): Promise<Witnessed> {
  const { url, requests, connections, seconds, timeoutSeconds, stop } = job;
  const own: (Reading & { corrected: Quantiles })[] = [];
  const autocannon: Reading[] = [];
  const byWrk: Reading[] = [];
  const failures: string[] = [];
  const load = { url, requests, connections, seconds, timeoutSeconds };
  const turns = [
    async () => {
      const { perSecond, sent, corrected, failures: some } = await tools.closedLoop(load);
      own.push({ perSecond, ...sent, corrected });
      failures.push(...some);
    },
    async () => {
      const { perSecond, curve, failures: some } = await tools.saturate({ ...load, status: 200 });
      autocannon.push({ perSecond, p50: at(curve, 50), p99: at(curve, 99) });
      failures.push(...some.map((one) => `autocannon: ${one}`));
    },
    async () => {
      if (job.wrk === null) return;
      const script = join(job.home, 'witness.lua');
      const whole = Math.max(wrkSecondsMin, Math.ceil(seconds));
      const found = await wrk({ ...load, path: job.wrk, script, seconds: whole, stop });
      byWrk.push({ perSecond: found.perSecond, ...found.latency });
      failures.push(...found.failures);
    },
  ];
  for (let round = 0; round < job.rounds; round++)
    for (const turn of round % 2 === 0 ? turns : turns.toReversed()) {
      stop.throwIfAborted();
      await turn();
    }
  return {
    connections,
    rounds: job.rounds,
    own,
    autocannon,
    wrk: job.wrk === null ? null : byWrk,
    failures,
  };
}

export function witnessTable(witnessed: Witnessed, what: string): Table {
  const { own, autocannon, connections, rounds } = witnessed;
  const corrected = own.map(({ perSecond, corrected: other }) => ({ perSecond, ...other }));
  return {
    title: `Latency by other tools, ${what}: closed loop, ${connections} connections, the median of ${rounds} rounds in turns`,
    columns: ['', '/s', 'p50', 'p99', "suite's p50 / its", "suite's p99 / its"],
    rows: [
      row('the load suite', own),
      row('autocannon', autocannon, own),
      ...(witnessed.wrk === null
        ? [['wrk: not installed', '', '', '', '', '']]
        : [
            row('the load suite, corrected', corrected),
            row('wrk, corrected by itself', witnessed.wrk, corrected),
          ]),
    ],
  };
}

export const witnessNotes = [
  'A closed loop sends nothing while it waits for an answer: requests that a slow answer would have delayed are missing (coordinated omission). At fixed rates the load suite counts from when a request was due. The other tools show whether the clocks of all agree.',
  'wrk adds the missing requests at the mean interval of a connection. In the row before it, the same is done to those of the load suite.',
];

function row(name: string, readings: readonly Reading[], own: readonly Quantiles[] | null = null): string[] {
  const ratio = (of: 'p50' | 'p99'): string =>
    own === null
      ? ''
      : `${shortNumber(median(readings.map((one, round) => (own[round]?.[of] ?? NaN) / one[of])))} ×`;
  const middle = (of: 'p50' | 'p99'): string => `${shortNumber(median(readings.map((one) => one[of])))} ms`;
  return [
    name,
    shortNumber(median(readings.map(({ perSecond }) => perSecond))),
    middle('p50'),
    middle('p99'),
    ratio('p50'),
    ratio('p99'),
  ];
}
