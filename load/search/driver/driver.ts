// Generates the load, in a process of its own, so that the rest of the benchmark does not slow it down.

import type { Message } from '../../kit/child.ts';
import { saturate, type Saturated, type SaturateJob } from '../../kit/saturate.ts';
import { exitWithParent, onParentMessage, sendToParent } from '../../kit/ipc.ts';
import { closedLoop, type Loop, type LoopJob } from '../../witness/closed-loop.ts';
import { pace, type Paced, type PaceJob } from './pace.ts';
import { reconnect } from './reconnect.ts';

export interface Saturate extends Message, SaturateJob {
  readonly type: 'saturate';
}
/** Like Saturate, with a connection for each request. */
export interface Reconnect extends Message, SaturateJob {
  readonly type: 'reconnect';
}
export interface Pace extends Message, PaceJob {
  readonly type: 'pace';
}
export interface ClosedLoop extends Message, LoopJob {
  readonly type: 'closedLoop';
}
export interface Done<T> extends Message {
  readonly type: 'done';
  readonly result: T;
  /** Processor time of the driver, as a share of one core. */
  readonly driverCores: number;
}

type Driving = Saturated | Paced | Loop;

async function drive(message: Message): Promise<Driving> {
  if (message.type === 'saturate') return await saturate(message as Saturate);
  if (message.type === 'reconnect') return await reconnect(message as Reconnect);
  if (message.type === 'closedLoop') return await closedLoop(message as ClosedLoop);
  return await pace(message as Pace);
}

async function run(message: Message): Promise<void> {
  const [startedAt, before] = [performance.now(), process.cpuUsage()];
  const result = await drive(message);
  const { user, system } = process.cpuUsage(before);
  const driverCores = (user + system) / 1000 / (performance.now() - startedAt);
  sendToParent({ type: 'done', result, driverCores } satisfies Done<Driving>);
}

if (import.meta.main) {
  exitWithParent();
  onParentMessage((message) => void run(message));
}
