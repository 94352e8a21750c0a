// Polls one provider: one run at a time, with backoff after failures, and a circuit breaker while it keeps failing.
// `schedule.ts` computes each wait; this module waits, by a monotonic clock.

import * as z from 'zod';
import type { RunRow } from '#/archive/runs/runs.ts';
import type { Clock } from '#/kit/clock.ts';
import { messageOf } from '#/kit/errors.ts';
import { pagedFormats, type Provider } from '#/provider/provider.ts';
import { createSchedule, type Tick } from '#/provider/schedule.ts';
import type { Log } from '#/telemetry/log.ts';
import type { PollState } from '#/actor/messages.ts';
import type { FeedRun } from './feed-run.ts';
import { runMessage } from './run-message.ts';

/** The schedule for the next leader: an open breaker stays open, and providers are not all polled at once. */
export interface KeptPoll {
  readonly nextRunAt: number;
  /** The wait that was left when this was saved: the next leader waits no longer, even if the clocks differ. */
  readonly waitMs?: number | undefined;
  readonly failures: number;
  readonly downs: number;
  readonly intervalMs: number;
}

export interface PollingDeps {
  /** The schedule of the last leader; null when there is none. */
  readonly kept: KeptPoll | null;
  readonly keep: (poll: KeptPoll) => Promise<void>;
  readonly run: (stop: AbortSignal) => Promise<FeedRun>;
  readonly ended: (row: RunRow, state: PollState) => Promise<void>;
  /** A run begins, or the time of the next run changes. */
  readonly stateChanged: (state: PollState) => void;
  readonly log: Log;
  readonly clock: Clock;
}

export interface Polling {
  /** Ends the wait for the next run, unless the breaker is open. */
  pollNow(): void;
  /** Makes the next run due at once, also while the breaker is open: an operator knows more. */
  runNow(): 'due' | 'running';
  /** Resolves after `stop`, when the last run has ended. */
  readonly done: Promise<void>;
}

/** The least time between two polls of a feed in pages: RPDE wants 8 s; with the least jitter. */
const pagesLeastMs = 8500;
/** How often a wait checks whether the system clock was set. */
const lookMs = 2000;
/** A smaller change of the system clock is ignored. */
const stepMs = 500;

export function keepPolling(provider: Provider, deps: PollingDeps, stop: AbortSignal): Polling {
  const { clock, log, kept } = deps;
  const { name } = provider;
  const leastMs = pagedFormats.has(provider.format) ? pagesLeastMs : 0;
  const pace = {
    pollMs: Math.max(leastMs, provider.pollSeconds * 1000),
    pollMsMax: Math.max(leastMs, provider.pollSecondsMax * 1000),
  };
  const schedule = createSchedule(pace, clock.random, kept);
  let waiting: AbortController | null = null;
  let isRunning = false;
  /** When the next run is due, by the monotonic `clock.elapsed`. */
  let dueAt = 0;
  /** The same by the system clock, in milliseconds since 1970. */
  let nextRunAt = 0;
  /** When the last run ended, by `clock.elapsed`. */
  let endedAt = -Infinity;

  const offsetMs = (): number => clock.now() - clock.elapsed();
  const leftMs = (): number => Math.max(0, dueAt - clock.elapsed());

  function dueIn(waitMs: number): void {
    dueAt = clock.elapsed() + waitMs;
    nextRunAt = Math.round(clock.now() + waitMs);
  }

  function state(at: number | null): PollState {
    const { isOpen, failures } = schedule;
    return { breaker: !isOpen ? 'closed' : at === null ? 'half open' : 'open', failures, nextRunAt: at };
  }

  /** If this fails, only the schedule is lost when the leader changes. */
  async function keep(): Promise<void> {
    const { failures, downs, intervalMs } = schedule;
    try {
      await deps.keep({ nextRunAt, waitMs: leftMs(), failures, downs, intervalMs });
    } catch (error) {
      log.error(
        { provider: name, err: error },
        `${name}: the schedule could not be saved: ${messageOf(error)}`,
      );
    }
  }

  async function turn(): Promise<void> {
    deps.stateChanged(state(null));
    let run: FeedRun | null = null;
    isRunning = true;
    try {
      run = await deps.run(stop);
    } catch (error) {
      log.error(
        { provider: name, err: error },
        `${name}: the run could not be recorded: ${messageOf(error)}`,
      );
    }
    endedAt = clock.elapsed();
    isRunning = false;
    // A run that was stopped says nothing about the provider: the schedule that was saved before it stays.
    const tick = run === null ? 'failed' : tickOf(run);
    dueIn(stop.aborted ? 0 : schedule.next(tick, run?.askedWaitMs ?? null));
    if (run === null) return deps.stateChanged(state(nextRunAt));
    if (!stop.aborted) await keep();
    logRun(run.row, log);
    try {
      await deps.ended(run.row, state(nextRunAt));
    } catch (error) {
      log.error(
        { provider: name, err: error },
        `${name}: the end of the run could not be reported: ${messageOf(error)}`,
      );
      deps.stateChanged(state(nextRunAt));
    }
  }

  /** Waits until the next run is due. If the system clock is set meanwhile, `nextRunAt` changes, not the length of the wait. */
  async function wait(signal: AbortSignal): Promise<void> {
    let known = offsetMs();
    while (!signal.aborted && leftMs() > 0) {
      await clock.sleep(Math.min(leftMs(), lookMs), signal);
      if (signal.aborted || Math.abs(offsetMs() - known) < stepMs) continue;
      known = offsetMs();
      dueIn(leftMs());
      deps.stateChanged(state(nextRunAt));
      await keep();
    }
  }

  async function loop(): Promise<void> {
    dueIn(remainingMs(kept, schedule.waitMsMax, clock.now()));
    deps.stateChanged(state(nextRunAt));
    while (!stop.aborted) {
      waiting = new AbortController();
      await wait(AbortSignal.any([stop, waiting.signal]));
      waiting = null;
      if (!stop.aborted) await turn();
    }
  }

  return {
    pollNow() {
      if (schedule.isOpen || isRunning) return;
      const soonMs = Math.max(0, endedAt + leastMs - clock.elapsed());
      // While the end of a run is still being recorded, there is no wait yet: it will be as short.
      dueIn(Math.min(leftMs(), soonMs));
      if (soonMs === 0) waiting?.abort();
    },
    runNow() {
      if (isRunning) return 'running';
      // While the end of a run is still being recorded, there is no wait yet: it will be none.
      dueIn(0);
      waiting?.abort();
      return 'due';
    },
    done: loop(),
  };
}

/** The clocks of two hosts may differ: the rest is at most the wait when it was saved, and at most the longest wait. */
function remainingMs(kept: KeptPoll | null, waitMsMax: number, now: number): number {
  if (kept === null) return 0;
  return Math.max(0, Math.min(kept.nextRunAt - now, kept.waitMs ?? waitMsMax, waitMsMax));
}

/** A run that absorbed changes, or read the feed to its end, is not a failure, even if parts of the feed were not valid. */
function tickOf({ row: { outcome, counts }, isWhole }: FeedRun): Tick {
  if (outcome === 'failed') return 'failed';
  const { added = 0, changed = 0, relisted = 0, withdrawn = 0 } = counts;
  if (outcome === 'absorbed' || added + changed + relisted + withdrawn > 0) return 'changed';
  return outcome === 'incomplete' && !isWhole ? 'cut' : 'quiet';
}

function logRun(row: RunRow, log: Log): void {
  const { provider, id, outcome, code, counts } = row;
  const hasChanges = outcome === 'absorbed' || (counts['quarantined'] ?? 0) > 0;
  const level = code !== null ? 'warn' : hasChanges ? 'info' : 'debug';
  log[level]({ provider, run: id, outcome, code, ...counts }, runMessage(row));
}

const keptShape = z
  .object({
    nextRunAt: z.number(),
    waitMs: z.number().min(0).optional(),
    failures: z.int().min(0),
    downs: z.int().min(0).optional(),
    intervalMs: z.number().positive(),
  })
  // Older versions did not save `downs`.
  .transform((kept) => ({ ...kept, downs: kept.downs ?? kept.failures }));

/** Null when this version cannot read what was saved: the provider is then polled at once. */
export function readKeptPoll(kept: unknown): KeptPoll | null {
  const read = keptShape.safeParse(kept);
  return read.success ? read.data : null;
}
