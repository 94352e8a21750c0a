// What all parts of the suite share: the driver process, the environment of all other processes, and the other tools.

import type { Bench } from '../kit/bench.ts';
import { startChild, type Message } from '../kit/child.ts';
import { findProgram } from '../kit/program.ts';
import { samplerEnvironment } from '../kit/process-samples.ts';
import type { Saturated, SaturateJob } from '../kit/saturate.ts';
import type { ClosedLoop, Done, Pace, Reconnect, Saturate } from './driver/driver.ts';
import type { Loop, LoopJob } from '../witness/closed-loop.ts';
import type { Paced, PaceJob } from './driver/pace.ts';
import type { Plan } from './plan.ts';

export type Driven<T> = T & { readonly driverCores: number };

export interface Harness extends AsyncDisposable {
  readonly bench: Bench;
  readonly plan: Plan;
  /** Of each process of the system and of the baseline. */
  readonly environment: Readonly<Record<string, string>>;
  /** The directory of their samples. */
  readonly samples: string;
  /** The path of wrk; null when it is not installed. */
  readonly wrk: string | null;
  /** The path of nginx; null when it is not installed or not in the plan. */
  readonly nginx: string | null;
  saturate(job: SaturateJob, stop: AbortSignal): Promise<Driven<Saturated>>;
  /** Opens a connection for each request. */
  reconnect(job: SaturateJob, stop: AbortSignal): Promise<Driven<Saturated>>;
  pace(job: PaceJob, stop: AbortSignal): Promise<Driven<Paced>>;
  closedLoop(job: LoopJob, stop: AbortSignal): Promise<Driven<Loop>>;
}

const graceMs = 60_000;

export async function startHarness(bench: Bench, plan: Plan): Promise<Harness> {
  const samples = `${bench.home}/samples`;
  const driver = startChild(new URL('driver/driver.ts', import.meta.url), {
    nodeArgs: ['--max-old-space-size=4096'],
  });
  async function drive<T>(message: Message & { seconds: number }, stop: AbortSignal): Promise<Driven<T>> {
    driver.send(message);
    const { result, driverCores } = await driver.receive<Done<T>>(
      'done',
      message.seconds * 1000 + graceMs,
      stop,
    );
    return { ...result, driverCores };
  }
  return {
    bench,
    plan,
    samples,
    environment: await samplerEnvironment(samples),
    wrk: await findProgram('wrk'),
    nginx: plan.others ? await findProgram('nginx') : null,
    saturate: (job, stop) => drive({ type: 'saturate', ...job } satisfies Saturate, stop),
    reconnect: (job, stop) => drive({ type: 'reconnect', ...job } satisfies Reconnect, stop),
    pace: (job, stop) => drive({ type: 'pace', ...job } satisfies Pace, stop),
    closedLoop: (job, stop) => drive({ type: 'closedLoop', ...job } satisfies ClosedLoop, stop),
    [Symbol.asyncDispose]: () => driver[Symbol.asyncDispose](),
  };
}
