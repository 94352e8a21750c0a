// The load, made in a process of its own: what else the benchmark does must not slow it down.

import type { Said } from '../kit/child.ts';
import { saturate, type Saturated, type SaturateJob } from '../kit/saturate.ts';
import { livesWithBench, onBench, say } from '../kit/talk.ts';
import { pace, type Paced, type PaceJob } from './pace.ts';
import { reconnect } from './reconnect.ts';

export interface Saturate extends Said, SaturateJob {
  readonly type: 'saturate';
}
/** The same with a connection for each request. */
export interface Reconnect extends Said, SaturateJob {
  readonly type: 'reconnect';
}
export interface Pace extends Said, PaceJob {
  readonly type: 'pace';
}
export interface Done<T> extends Said {
  readonly type: 'done';
  readonly result: T;
  /** Processor time that the driver took, as a share of one core. */
  readonly driverCores: number;
}

async function drive(message: Said): Promise<Saturated | Paced> {
  if (message.type === 'saturate') return await saturate(message as Saturate);
  if (message.type === 'reconnect') return await reconnect(message as Reconnect);
  return await pace(message as Pace);
}

async function run(message: Said): Promise<void> {
  const [startedAt, before] = [performance.now(), process.cpuUsage()];
  const result = await drive(message);
  const { user, system } = process.cpuUsage(before);
  const driverCores = (user + system) / 1000 / (performance.now() - startedAt);
  say({ type: 'done', result, driverCores } satisfies Done<Saturated | Paced>);
}

if (import.meta.main) {
  livesWithBench();
  onBench((message) => void run(message));
}
