// How a child of the supervisor ends: the supervisor asks it to over IPC, or is gone, in which case node:cluster ends it. A
// signal to a child is no order: it may be meant for every process of the system, and the supervisor decides in which order
// they end. Started alone, without a supervisor, a module ends on SIGTERM.

import { Worker } from 'node:worker_threads';
import { onSupervisor } from './messages.ts';

type Stop = (hurry: boolean) => Promise<void>;

const left = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** What there is to do before the end: nothing, while the process starts. */
let last: { readonly stop: Stop; readonly withinMs: number } = {
  stop: () => Promise.resolve(),
  withinMs: 1000,
};
let stopping = false;

/** From now on signals are left to the supervisor, which ends this process. To be called before anything else. */
export function obeySupervisor(): void {
  for (const signal of left) process.on(signal, () => undefined);
  onSupervisor((message) => {
    if (message.type === 'stop') end(message.hurry);
  });
  endWithSupervisor();
}

/** Calls `stop` once, and ends the process with 0 after it, or with 1 when it throws or takes longer than `withinMs`. */
export function endOnStop(stop: Stop, withinMs: number): void {
  last = { stop, withinMs };
  if (process.send === undefined) process.on('SIGTERM', () => end(true));
}

function end(hurry: boolean): void {
  if (stopping) return;
  stopping = true;
  setTimeout(() => process.exit(1), last.withinMs).unref();
  last.stop(hurry).then(
    () => process.exit(0),
    () => process.exit(1),
  );
}

const guard = new URL('./orphan-guard.thread.js', import.meta.url);

/** A thread does what this one cannot while it is busy or blocked. Without it, where none can be started, only that is lost. */
function endWithSupervisor(): void {
  const resourceLimits = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 1 };
  // A report of the process has a part for each thread, none of which may hold the environment.
  const execArgv = ['--report-exclude-env'];
  try {
    const thread = new Worker(guard, { workerData: process.ppid, env: {}, execArgv, resourceLimits });
    thread.on('error', () => undefined);
    thread.unref();
  } catch {
    // No thread can be started.
  }
}
