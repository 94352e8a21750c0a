// What all parts of the suite share while it runs.

import type { Bench } from '../kit/bench.ts';
import { startChild, type Said } from '../kit/child.ts';
import { findProgram } from '../kit/program.ts';
import { pulseEnvironment } from '../kit/pulses.ts';
import type { Saturated, SaturateJob } from '../kit/saturate.ts';
import type { Done, Pace, Reconnect, Saturate } from './driver.ts';
import type { Paced, PaceJob } from './pace.ts';
import type { Plan } from './plan.ts';

export type Driven<T> = T & { readonly driverCores: number };

export interface Stage extends AsyncDisposable {
  readonly bench: Bench;
  readonly plan: Plan;
  /** For each process of the system and of the baseline. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where they note their pulse. */
  readonly pulses: string;
  /** Where they are installed and wanted. */
  readonly wrk: string | null;
  readonly nginx: string | null;
  saturate(job: SaturateJob, stop: AbortSignal): Promise<Driven<Saturated>>;
  /** With a connection for each request. */
  reconnect(job: SaturateJob, stop: AbortSignal): Promise<Driven<Saturated>>;
  pace(job: PaceJob, stop: AbortSignal): Promise<Driven<Paced>>;
}

const graceMs = 60_000;

export async function setStage(bench: Bench, plan: Plan): Promise<Stage> {
  const pulses = `${bench.home}/pulses`;
  const driver = startChild(new URL('driver.ts', import.meta.url), {
    nodeArgs: ['--max-old-space-size=4096'],
  });
  async function drive<T>(message: Said & { seconds: number }, stop: AbortSignal): Promise<Driven<T>> {
    driver.send(message);
    const { result, driverCores } = await driver.hear<Done<T>>(
      'done',
      message.seconds * 1000 + graceMs,
      stop,
    );
    return { ...result, driverCores };
  }
  return {
    bench,
    plan,
    pulses,
    environment: await pulseEnvironment(pulses),
    wrk: plan.others ? await findProgram('wrk') : null,
    nginx: plan.others ? await findProgram('nginx') : null,
    saturate: (job, stop) => drive({ type: 'saturate', ...job } satisfies Saturate, stop),
    reconnect: (job, stop) => drive({ type: 'reconnect', ...job } satisfies Reconnect, stop),
    pace: (job, stop) => drive({ type: 'pace', ...job } satisfies Pace, stop),
    [Symbol.asyncDispose]: () => driver[Symbol.asyncDispose](),
  };
}
