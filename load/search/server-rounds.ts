// What one of the two servers of a case did, round by round.

import { layered, type Curve } from '../kit/latency.ts';
import type { Saturated, SaturateJob } from '../kit/saturate.ts';
import { median } from '../kit/statistics.ts';
import { usageOf } from '../kit/usage.ts';
import type { Driven } from './harness.ts';

export interface ServerRounds {
  readonly perSecond: number[];
  /** Processor time of its workers for a request; null where it cannot be had. */
  readonly cpuUs: (number | null)[];
  readonly curves: Curve[];
  /** Of the driver, while it drove this one: at 1 it was the limit. */
  readonly driverCores: number[];
}

export const noRounds = (): ServerRounds => ({ perSecond: [], cpuUs: [], curves: [], driverCores: [] });

export const curveOf = ({ curves }: ServerRounds): Curve => layered(curves, median);

/** One more round for the side whose workers these are; tells what went wrong in it. */
export async function addRound(
  side: ServerRounds,
  pids: readonly number[],
  load: (job: SaturateJob) => Promise<Driven<Saturated>>,
  job: SaturateJob,
): Promise<readonly string[]> {
  const before = await cpuOf(pids);
  const driven = await load(job);
  const after = await cpuOf(pids);
  side.perSecond.push(driven.perSecond);
  side.cpuUs.push(before === null || after === null ? null : ((after - before) * 1000) / driven.requests);
  side.curves.push(driven.curve);
  side.driverCores.push(driven.driverCores);
  return driven.failures;
}

async function cpuOf(pids: readonly number[]): Promise<number | null> {
  const usages = await Promise.all(pids.map(usageOf));
  return usages.reduce<number | null>(
    (sum, usage) => (sum === null || usage === null ? null : sum + usage.cpuMs),
    0,
  );
}
