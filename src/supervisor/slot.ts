// One place in the house that a process fills. Should the process die, another takes its place, later and later the more
// often that happens. A replacement in good order is ready before the old one is asked to end.
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
  /** Of the process that fills the place; of one that is to take it, only once it does. */
  message(message: ChildMessage): void;
  /** Of any process of the place, one that has left it too. */
  heard(message: ChildMessage, from: LiveProcess): void;
  started(pid: number): void;
  gone(pid: number): void;
  /** It died unasked; `restartInMs` later another is forked. */
  died(reason: string, restartInMs: number): void;
  /** It had been degraded, and has held out since. */
  recovered(): void;
}

export interface SlotOptions extends Omit<ForkOptions, 'heard'> {
  readonly events: SlotEvents;
}

export interface Slot {
  readonly pid: number | null;
  readonly ready: boolean;
  readonly restarts: number;
  /** Its processes keep dying. */
  readonly degraded: boolean;
  readonly vitals: Vitals | null;
  send(message: SupervisorMessage): void;
  /** From now on it may end by itself (a signal may be meant for every process), and is not replaced. */
  expectEnd(): void;
  /** Asks it to end, and kills it after `withinMs`. Resolves to whether it ended by itself. */
  stop(withinMs: number): Promise<boolean>;
  /**
   * Has another process with this configuration take the place once it is ready, and the old one end in good order.
   * Resolves to null when the old one is gone, or to why the new one did not become ready: then the old one stays.
   */
  replace(config: Config, limits: ReplaceLimits): Promise<string | null>;
  /** The same for what there can be only one of: the old one ends first. */
  restart(config: Config, stopMs: number): Promise<void>;
}

export interface ReplaceLimits {
  readonly readyMs: number;
  readonly stopMs: number;
}

/** What a place depends on beside its processes. */
export interface Around {
  fork(options: ForkOptions): ForkedProcess;
  /** Milliseconds; never jumps. */
  now(): number;
  /** In [0, 1). */
  random(): number;
  /** Calls `run` once, `ms` from now; gives what prevents that. */
  after(ms: number, run: () => void): () => void;
}

const around: Around = {
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
  { fork: forkOne, now, random, after }: Around = around,
): Slot {
  const restarts = createRestarts(now, random);
  let settings = options.config;
  let incumbent: ForkedProcess | null = null;
  let successor: ForkedProcess | null = null;
  let stopping = false;
  let died = 0;
  const leaving = new Set<Promise<boolean>>();
  let endWait = nothing;
  let endSteady = nothing;

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
    if (forked === incumbent) ended(reason);
  }

  function fill(): void {
    endWait();
    // One that is about to take the place has been asked to already.
    if (incumbent === null && successor === null && !stopping) take(fork(settings));
  }

  function take(forked: ForkedProcess): void {
    incumbent = forked;
    endSteady();
    endSteady = after(steadyMs, () => {
      const was = restarts.degraded;
      restarts.steady();
      if (was && !restarts.degraded) events.recovered();
    });
  }

  function leave(old: ForkedProcess | null, withinMs: number, hurry: boolean): Promise<boolean> {
    if (old === null) return Promise.resolve(true);
    const left = old.stop(withinMs, hurry).finally(() => leaving.delete(left));
    leaving.add(left);
    return left;
  }

  function ended(reason: string): void {
    incumbent = null;
    endSteady();
    if (stopping) return;
    died++;
    const waitMs = restarts.died();
    endWait = after(waitMs, fill);
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
    expectEnd() {
      stopping = true;
      endWait();
      endSteady();
    },
    async stop(withinMs) {
      slot.expectEnd();
      successor?.kill('not wanted any more');
      void leave(incumbent, withinMs, true);
      return (await Promise.all(leaving)).every(Boolean);
    },
    async replace(next, { readyMs, stopMs }) {
      if (stopping) return 'the system is stopping';
      const ready = Promise.withResolvers<null>();
      const forked = fork(next, (message) => {
        if (message.type !== 'ready' || stopping) return;
        // 2. It takes the place the moment it is ready
        const old = incumbent;
        [successor, settings] = [null, next];
        endWait();
        take(forked);
        // 3. And the old one answers what it has accepted
        void leave(old, stopMs, false).then(() => ready.resolve(null));
      });
      // 1. Another beside the old one, for as long as it may take
      successor = forked;
      const endPatience = after(readyMs, () => {
        if (successor === forked) forked.kill(`not ready within ${readyMs} ms`);
      });
      const failed = await Promise.race([ready.promise, forked.gone]);
      endPatience();
      if (successor !== forked) return null;
      successor = null;
      fill();
      return failed;
    },
    async restart(next, stopMs) {
      settings = next;
      const old = incumbent;
      endWait();
      // Not the incumbent any more: its end is no death.
      incumbent = null;
      await leave(old, stopMs, true);
      fill();
    },
  };

  fill();
  return slot;
}
