// One provider, asked again and again: never two runs at once, later when it fails, and seldom while it keeps failing.
// `schedule.ts` says how long each wait is; here it is waited, by a clock that nobody can set.

import * as z from 'zod';
import type { RunRow } from '#/archive/runs.ts';
import type { Clock } from '#/kit/clock.ts';
import { messageOf } from '#/kit/errors.ts';
import type { Provider } from '#/provider/provider.ts';
import { createSchedule, type Tick } from '#/provider/schedule.ts';
import type { Log } from '#/telemetry/log.ts';
import type { PollState } from '#/actor/messages.ts';
import type { FeedRun } from './feed-run.ts';
import { runMessage } from './run-message.ts';

/** What the next leader needs to go on: an open breaker stays open, and nobody is asked at once. */
export interface KeptPoll {
  readonly nextRunAt: number;
  /** From when this was kept until `nextRunAt`: no more is waited, whatever the clock says by then. */
  readonly waitMs?: number | undefined;
  readonly failures: number;
  readonly downs: number;
  readonly intervalMs: number;
}

export interface PollingDeps {
  /** What the last leader kept; null when there was none. */
  readonly kept: KeptPoll | null;
  readonly keep: (poll: KeptPoll) => Promise<void>;
  readonly run: (stop: AbortSignal) => Promise<FeedRun>;
  readonly ended: (row: RunRow, state: PollState) => Promise<void>;
  /** The state between two ends of runs: a run begins, or the time of the next one is another. */
  readonly told: (state: PollState) => void;
  readonly log: Log;
  readonly clock: Clock;
}

export interface Polling {
  /** Ends the wait for the next run, unless the breaker is open. */
  hurry(): void;
  /** Resolves when `stop` was called and the last run has ended. */
  readonly done: Promise<void>;
}

/** How often a wait looks whether somebody has set the clock, */
const lookMs = 2000;
/** by more than this. */
const stepMs = 500;

export function keepPolling(provider: Provider, deps: PollingDeps, stop: AbortSignal): Polling {
  const { clock, log, kept } = deps;
  const { name } = provider;
  const pace = { pollMs: provider.pollSeconds * 1000, pollMsMax: provider.pollSecondsMax * 1000 };
  const schedule = createSchedule(pace, clock.random, kept);
  let waiting: AbortController | null = null;
  /** When the next run is due, as `clock.elapsed` counts. */
  let dueAt = 0;
  /** The same by the clock on the wall. */
  let nextRunAt = 0;

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

  /** Its schedule is lost with whoever leads when this fails, and nothing else. */
  async function keep(): Promise<void> {
    const { failures, downs, intervalMs } = schedule;
    try {
      await deps.keep({ nextRunAt, waitMs: leftMs(), failures, downs, intervalMs });
    } catch (error) {
      log.error({ provider: name, err: error }, `${name}: its schedule was not kept: ${messageOf(error)}`);
    }
  }

  async function turn(): Promise<void> {
    deps.told(state(null));
    let run: FeedRun | null = null;
    try {
      run = await deps.run(stop);
    } catch (error) {
      log.error({ provider: name, err: error }, `${name}: the run was not kept: ${messageOf(error)}`);
    }
    // A run that was stopped says nothing of the provider: what was kept before it holds.
    const tick = run === null ? 'failed' : tickOf(run);
    dueIn(stop.aborted ? 0 : schedule.next(tick, run?.askedWaitMs ?? null));
    if (run === null) return deps.told(state(nextRunAt));
    if (!stop.aborted) await keep();
    tell(run.row, log);
    try {
      await deps.ended(run.row, state(nextRunAt));
    } catch (error) {
      log.error(
        { provider: name, err: error },
        `${name}: the end of the run was not told: ${messageOf(error)}`,
      );
      deps.told(state(nextRunAt));
    }
  }

  /** Until the next run is due. Whoever sets the clock meanwhile changes what time that is, not how long it takes. */
  async function wait(signal: AbortSignal): Promise<void> {
    let known = offsetMs();
    while (!signal.aborted && leftMs() > 0) {
      await clock.sleep(Math.min(leftMs(), lookMs), signal);
      if (signal.aborted || Math.abs(offsetMs() - known) < stepMs) continue;
      known = offsetMs();
      dueIn(leftMs());
      deps.told(state(nextRunAt));
      await keep();
    }
  }

  async function loop(): Promise<void> {
    dueIn(remainingMs(kept, schedule.waitMsMax, clock.now()));
    deps.told(state(nextRunAt));
    while (!stop.aborted) {
      waiting = new AbortController();
      await wait(AbortSignal.any([stop, waiting.signal]));
      waiting = null;
      if (!stop.aborted) await turn();
    }
  }

  return {
    hurry() {
      if (!schedule.isOpen) waiting?.abort();
    },
    done: loop(),
  };
}

/** Clocks disagree, and are set: never longer than what was waited for when it was kept, nor than any wait may be. */
function remainingMs(kept: KeptPoll | null, waitMsMax: number, now: number): number {
  if (kept === null) return 0;
  return Math.max(0, Math.min(kept.nextRunAt - now, kept.waitMs ?? waitMsMax, waitMsMax));
}

/** A provider whose feed gave something new, or was read to its end, has not failed, whatever was amiss in it. */
function tickOf({ row: { outcome, counts }, isWhole }: FeedRun): Tick {
  if (outcome === 'failed') return 'failed';
  const { added = 0, changed = 0, relisted = 0, withdrawn = 0 } = counts;
  if (outcome === 'absorbed' || added + changed + relisted + withdrawn > 0) return 'changed';
  return outcome === 'incomplete' && !isWhole ? 'cut' : 'quiet';
}

function tell(row: RunRow, log: Log): void {
  const { provider, id, outcome, code, counts } = row;
  const isNews = outcome === 'absorbed' || (counts['quarantined'] ?? 0) > 0;
  const level = code !== null ? 'warn' : isNews ? 'info' : 'debug';
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
  // An older version kept its breaker elsewhere, and not how often a run had failed.
  .transform((kept) => ({ ...kept, downs: kept.downs ?? kept.failures }));

/** Null when what was kept is nothing that this version understands: then the provider is asked at once. */
export function readKeptPoll(kept: unknown): KeptPoll | null {
  const read = keptShape.safeParse(kept);
  return read.success ? read.data : null;
}
