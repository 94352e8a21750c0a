// How a child process ends: on a `stop` message of the supervisor or, when the supervisor has exited, by node:cluster. A child
// ignores signals: they may have been sent to every process of the system, and the supervisor decides the order of the stop.
// A module that is started without a supervisor stops on SIGTERM.

import { Worker } from 'node:worker_threads';
import { reportFlags } from '#/kit/machine/reports.ts';
import { onSupervisorMessage } from './messages.ts';

type Stop = (urgent: boolean) => Promise<void>;

const ignoredSignals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** What runs before the exit: nothing, while the process starts. */
let shutdown: { readonly stop: Stop; readonly withinMs: number } = {
  stop: () => Promise.resolve(),
  withinMs: 1000,
};
let stopping = false;

/** Ignores signals from now on, and stops when the supervisor sends `stop`. Must be called before anything else. */
export function handleSupervisorStop(): void {
  for (const signal of ignoredSignals) process.on(signal, () => undefined);
  onSupervisorMessage((message) => {
    if (message.type === 'stop') end(message.urgent);
  });
  startOrphanGuard();
}

/** On a stop, calls `stop` once, then exits with 0, or with 1 when it throws or takes longer than `withinMs`. */
export function endOnStop(stop: Stop, withinMs: number): void {
  shutdown = { stop, withinMs };
  if (process.send === undefined) process.on('SIGTERM', () => end(true));
}

function end(urgent: boolean): void {
  if (stopping) return;
  stopping = true;
  setTimeout(() => process.exit(1), shutdown.withinMs).unref();
  shutdown.stop(urgent).then(
    () => process.exit(0),
    () => process.exit(1),
  );
}

const guard = new URL('./orphan-guard.thread.js', import.meta.url);

/** Starts a thread that ends the process after its supervisor, even while the main thread is busy or blocked. */
function startOrphanGuard(): void {
  const resourceLimits = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 1 };
  const execArgv = [...reportFlags];
  try {
    const thread = new Worker(guard, { workerData: process.ppid, env: {}, execArgv, resourceLimits });
    thread.on('error', () => undefined);
    thread.unref();
  } catch {
    // No thread can be started: the process runs without this guard.
  }
}
