// One place in the house that a child process fills. Should the child die, another takes its place, later and later the
// more often that happens.
//
//            fork            'ready'
//   waiting ──────▶ starting ──────▶ ready ──┐
//      ▲               │ exit          │ exit │ stop()
//      └── backoff ────┴───────────────┘      ▼
//                                          stopped

import cluster, { type Worker } from 'node:cluster';
import { backoffMs } from '#/kit/backoff.ts';
import type { ChildMessage, SupervisorMessage } from './messages.ts';

export interface ChildEvents {
  message(message: ChildMessage): void;
  started(pid: number): void;
  /** It died unasked; `restartInMs` later another is forked. */
  died(reason: string, restartInMs: number): void;
}

export interface Child {
  readonly pid: number | null;
  readonly ready: boolean;
  readonly restarts: number;
  send(message: SupervisorMessage): void;
  /** From now on it may end by itself (a terminal signals everybody at once), and is not replaced. */
  expectEnd(): void;
  /** Asks it to end, and kills it after `withinMs`. Resolves when it is gone. */
  stop(withinMs: number): Promise<void>;
}

const restart = { baseMs: 200, maxMs: 30_000 };
/** A child that has run this long has recovered: its earlier deaths no longer count. */
const steadyMs = 30_000;

/** Forks `exec` (a module's path) and keeps it running until stopped. */
export function keepChild(exec: string, events: ChildEvents): Child {
  let worker: Worker | null = null;
  let ready = false;
  let stopping = false;
  let failures = 0;
  let restarts = 0;
  let timer: NodeJS.Timeout | undefined;

  function fork(): void {
    cluster.setupPrimary({ exec });
    const forked = cluster.fork();
    const startedAt = performance.now();
    worker = forked;
    events.started(forked.process.pid ?? 0);
    forked.on('message', (message: ChildMessage) => {
      if (message.type === 'ready') ready = true;
      events.message(message);
    });
    forked.on('error', () => undefined);
    forked.on('exit', (code, signal) => {
      worker = null;
      ready = false;
      if (stopping) return;
      failures = performance.now() - startedAt > steadyMs ? 1 : failures + 1;
      restarts++;
      const waitMs = backoffMs(failures, restart, Math.random);
      timer = setTimeout(fork, waitMs);
      events.died(signal ?? `exit code ${code}`, waitMs);
    });
  }

  fork();
  return {
    get pid() {
      return worker?.process.pid ?? null;
    },
    get ready() {
      return ready;
    },
    get restarts() {
      return restarts;
    },
    send(message) {
      if (worker?.isConnected() === true) worker.send(message, () => undefined);
    },
    expectEnd() {
      stopping = true;
      clearTimeout(timer);
    },
    async stop(withinMs) {
      this.expectEnd();
      const last = worker;
      if (last === null) return;
      const gone = new Promise<void>((resolve) => last.once('exit', () => resolve()));
      if (last.isConnected()) last.send({ type: 'stop' } satisfies SupervisorMessage, () => undefined);
      // One that is still starting may not listen yet; a signal ends it all the same.
      if (!ready) last.process.kill('SIGTERM');
      const killer = setTimeout(() => last.process.kill('SIGKILL'), withinMs);
      await gone;
      clearTimeout(killer);
    },
  };
}
