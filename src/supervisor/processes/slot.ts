// A slot keeps one process running. If the process exits unexpectedly, the slot forks another one, with backoff. In a graceful
// replacement, the new process is ready before the old one stops.
//
//            fork            'ready'
//   waiting ──────▶ starting ──────▶ ready ──┐
//      ▲               │ exit          │ exit │ stop()
//      └── backoff ────┴───────────────┘      ▼
//                                          stopped

import type { Config } from '#/config.ts';
import { forkProcess, type LiveProcess, type ForkedProcess, type ForkOptions } from './forked-process.ts';
import type { ChildMessage, SupervisorMessage, Vitals } from '#/actor/messages.ts';
import { createRestarts, steadyMs } from './restarts.ts';

export interface SlotEvents {
  /** A message of the current process. Messages of a successor arrive here only once it has taken over. */
  message(message: ChildMessage): void;
  /** A message of any process of the slot: current, successor or retiring. */
  heard(message: ChildMessage, from: LiveProcess): void;
  started(pid: number): void;
  gone(pid: number): void;
  /** The current process exited unexpectedly; another is forked after `restartInMs`. */
  died(reason: string, restartInMs: number): void;
  /** The slot was degraded, and no longer is. */
  recovered(): void;
}

export interface SlotOptions extends Omit<ForkOptions, 'heard'> {
  readonly events: SlotEvents;
}

export interface Slot {
  readonly pid: number | null;
  readonly ready: boolean;
  readonly restarts: number;
  /** The slot is in a crash loop. */
  readonly degraded: boolean;
  readonly vitals: Vitals | null;
  send(message: SupervisorMessage): void;
  /** From now on the process may exit (a signal may have reached every process of the system), and is not restarted. */
  expectExit(): void;
  /** Stops all processes of the slot gracefully, and kills them after `withinMs`. Resolves to whether none was killed. */
  stop(withinMs: number): Promise<boolean>;
  /**
   * Starts a successor with this configuration. Once it is ready it takes over, and the old process stops gracefully.
   * Resolves to null when the old process has exited, or to why the successor did not become ready: the old one then stays.
   */
  replace(config: Config, limits: ReplaceLimits): Promise<string | null>;
  /** Restarts the process with this configuration; the old process exits before the new one starts. */
  restart(config: Config, stopMs: number): Promise<void>;
}

export interface ReplaceLimits {
  readonly readyMs: number;
  readonly stopMs: number;
}

/** What a slot needs from the system: tests pass their own. */
export interface SlotDeps {
  fork(options: ForkOptions): ForkedProcess;
  /** Milliseconds of a monotonic clock. */
  now(): number;
  /** In [0, 1). */
  random(): number;
  /** Calls `run` once, after `ms`. Returns a function that cancels it. */
  after(ms: number, run: () => void): () => void;
}

const systemDeps: SlotDeps = {
  fork: forkProcess,
  now: () => performance.now(),
  random: Math.random,
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

const nothing = (): void => undefined;

/** Forks `exec` and keeps it running until stopped. */
export function createSlot(
  { events, ...options }: SlotOptions,
  { fork: forkOne, now, random, after }: SlotDeps = systemDeps,
): Slot {
  const restarts = createRestarts(now, random);
  let settings = options.config;
  let incumbent: ForkedProcess | null = null;
  let successor: ForkedProcess | null = null;
  let stopping = false;
  let died = 0;
  const retiring = new Set<Promise<boolean>>();
  let cancelRestart = nothing;
  let cancelSteady = nothing;

  function fork(given: Config, heard: (message: ChildMessage) => void = nothing): ForkedProcess {
    const forked = forkOne({
      ...options,
      config: given,
      heard(message, from) {
        heard(message);
        events.heard(message, from);
        if (from === incumbent) events.message(message);
      },
    });
    void untilGone(forked);
    if (forked.pid !== null) events.started(forked.pid);
    return forked;
  }

  async function untilGone(forked: ForkedProcess): Promise<void> {
    const reason = await forked.gone;
    if (forked.pid !== null) events.gone(forked.pid);
    if (forked === incumbent) exited(reason);
  }

  function fill(): void {
    cancelRestart();
    // A successor that is starting fills the slot.
    if (incumbent === null && successor === null && !stopping) take(fork(settings));
  }

  function take(forked: ForkedProcess): void {
    incumbent = forked;
    cancelSteady();
    cancelSteady = after(steadyMs, () => {
      const was = restarts.degraded;
      restarts.steady();
      if (was && !restarts.degraded) events.recovered();
    });
  }

  function retire(old: ForkedProcess | null, withinMs: number, urgent: boolean): Promise<boolean> {
    if (old === null) return Promise.resolve(true);
    const stopped = old.stop(withinMs, urgent).finally(() => retiring.delete(stopped));
    retiring.add(stopped);
    return stopped;
  }

  function exited(reason: string): void {
    incumbent = null;
    cancelSteady();
    if (stopping) return;
    died++;
    const waitMs = restarts.died();
    cancelRestart = after(waitMs, fill);
    events.died(reason, waitMs);
  }

  const slot: Slot = {
    get pid() {
      return incumbent?.pid ?? null;
    },
    get ready() {
      return incumbent?.isReady ?? false;
    },
    get restarts() {
      return died;
    },
    get degraded() {
      return restarts.degraded;
    },
    get vitals() {
      return incumbent?.vitals ?? null;
    },
    send: (message) => incumbent?.send(message),
    expectExit() {
      stopping = true;
      cancelRestart();
      cancelSteady();
    },
    async stop(withinMs) {
      slot.expectExit();
      successor?.kill('no longer needed');
      void retire(incumbent, withinMs, true);
      return (await Promise.all(retiring)).every(Boolean);
    },
    async replace(next, { readyMs, stopMs }) {
      if (stopping) return 'the system is stopping';
      const ready = Promise.withResolvers<null>();
      const forked = fork(next, (message) => {
        if (message.type !== 'ready' || stopping) return;
        // 2. As soon as it is ready, it takes over
        const old = incumbent;
        [successor, settings] = [null, next];
        cancelRestart();
        take(forked);
        // 3. The old process answers the requests that it has accepted, and exits
        void retire(old, stopMs, false).then(() => ready.resolve(null));
      });
      // 1. Start the successor while the old process runs, with a deadline
      successor = forked;
      const cancelDeadline = after(readyMs, () => {
        if (successor === forked) forked.kill(`not ready within ${readyMs} ms`);
      });
      const failed = await Promise.race([ready.promise, forked.gone]);
      cancelDeadline();
      if (successor !== forked) return null;
      successor = null;
      fill();
      return failed;
    },
    async restart(next, stopMs) {
      settings = next;
      const old = incumbent;
      cancelRestart();
      // No longer the incumbent: its exit is expected.
      incumbent = null;
      await retire(old, stopMs, true);
      fill();
    },
  };

  fill();
  return slot;
}
