// The results of one of the two servers of a case, round by round.

import { median } from 'simple-statistics';
import { layered, type Curve } from '../kit/latency.ts';
import type { Saturated, SaturateJob } from '../kit/saturate.ts';
import { usageOf } from '../kit/usage.ts';
import type { Driven } from './harness.ts';

export interface ServerRounds {
  readonly perSecond: number[];
  /** Processor time of its workers for a request; null where it cannot be read. */
  readonly cpuUs: (number | null)[];
  readonly curves: Curve[];
  /** Processor time of the driver for this server, as a share of one core: at 1, the driver was the limit. */
  readonly driverCores: number[];
}

export const noRounds = (): ServerRounds => ({ perSecond: [], cpuUs: [], curves: [], driverCores: [] });

export const curveOf = ({ curves }: ServerRounds): Curve => layered(curves, median);

/** Runs one more round for the server with these workers; returns its failures. */
export async function addRound(
  rounds: ServerRounds,
  pids: readonly number[],
  load: (job: SaturateJob) => Promise<Driven<Saturated>>,
  job: SaturateJob,
): Promise<readonly string[]> {
  const before = await cpuOf(pids);
  const driven = await load(job);
  const after = await cpuOf(pids);
  rounds.perSecond.push(driven.perSecond);
  rounds.cpuUs.push(before === null || after === null ? null : ((after - before) * 1000) / driven.requests);
  rounds.curves.push(driven.curve);
  rounds.driverCores.push(driven.driverCores);
  return driven.failures;
}

async function cpuOf(pids: readonly number[]): Promise<number | null> {
  const usages = await Promise.all(pids.map(usageOf));
  return usages.reduce<number | null>(
    (sum, usage) => (sum === null || usage === null ? null : sum + usage.cpuMs),
    0,
  );
}
