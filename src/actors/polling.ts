// One provider, asked again and again: never two runs at once, later when it fails, and not at all for a while when it
// keeps failing (a circuit breaker, so that a provider on its knees is not asked to death).
//
//   closed ──5 failures in a row──▶ open ──wait──▶ half open ──run──▶ closed, or open again for longer

import {
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  ExponentialBackoff,
  handleAll,
  isBrokenCircuitError,
} from 'cockatiel';
import * as z from 'zod';
import type { RunRow } from '#/archive/runs.ts';
import type { Clock } from '#/kit/clock.ts';
import { messageOf } from '#/kit/errors.ts';
import type { Provider } from '#/provider/provider.ts';
import { createSchedule } from '#/provider/schedule.ts';
import type { Log } from '#/telemetry/log.ts';
import type { FeedRun } from './feed-run.ts';
import { wordsOfRun } from './run-words.ts';

export interface PollState {
  readonly breaker: 'closed' | 'open' | 'half open';
  readonly failures: number;
  /** Milliseconds since 1970; null while a run goes on. */
  readonly nextRunAt: number | null;
}

/** What the next leader needs to go on: an open breaker stays open, and nobody is asked at once. */
export interface KeptPoll {
  readonly nextRunAt: number;
  readonly failures: number;
  readonly intervalMs: number;
  readonly breaker: unknown;
}

export interface PollingDeps {
  /** What the last leader kept; null when there was none. */
  readonly kept: KeptPoll | null;
  readonly keep: (poll: KeptPoll) => Promise<void>;
  readonly run: (stop: AbortSignal) => Promise<FeedRun>;
  readonly ended: (row: RunRow, state: PollState) => Promise<void>;
  readonly log: Log;
  readonly clock: Clock;
}

export interface Polling {
  /** Ends the wait for the next run, whatever asked for it. */
  hurry(): void;
  /** Resolves when `stop` was called and the last run has ended. */
  readonly done: Promise<void>;
}

const failuresMax = 5;
const openMs = { initialDelay: 30_000, maxDelay: 600_000 };

class RunFailed extends Error {
  readonly run: FeedRun;
  constructor(run: FeedRun) {
    super('failed');
    this.run = run;
  }
}

export function keepPolling(provider: Provider, deps: PollingDeps, stop: AbortSignal): Polling {
  const { clock } = deps;
  const pace = { pollMs: provider.pollSeconds * 1000, pollMsMax: provider.pollSecondsMax * 1000 };
  const schedule = createSchedule(pace, clock.random, deps.kept);
  const breaker = circuitBreaker(handleAll, {
    breaker: new ConsecutiveBreaker(failuresMax),
    halfOpenAfter: new ExponentialBackoff(openMs),
    ...(deps.kept === null ? {} : { initialState: deps.kept.breaker }),
  });
  let waiting: AbortController | null = null;

  const state = (nextRunAt: number | null): PollState => ({
    breaker:
      breaker.state === CircuitState.Open
        ? 'open'
        : breaker.state === CircuitState.HalfOpen
          ? 'half open'
          : 'closed',
    failures: schedule.failures,
    nextRunAt,
  });

  /** One run through the breaker; null when the breaker is open and nothing was asked. */
  async function attempt(): Promise<FeedRun | null> {
    try {
      return await breaker.execute(async () => {
        const run = await deps.run(stop);
        if (run.row.outcome === 'failed' && run.row.code !== 'stopped') throw new RunFailed(run);
        return run;
      });
    } catch (error) {
      if (isBrokenCircuitError(error)) return null;
      if (error instanceof RunFailed) return error.run;
      throw error;
    }
  }

  async function turn(): Promise<number> {
    try {
      const run = await attempt();
      if (run === null) return schedule.next('failed', null);
      const { row, askedWaitMs } = run;
      const tick =
        row.outcome === 'failed' || row.outcome === 'incomplete'
          ? 'failed'
          : row.outcome === 'absorbed'
            ? 'changed'
            : 'quiet';
      const waitMs = schedule.next(tick, askedWaitMs);
      const { failures, intervalMs } = schedule;
      try {
        await deps.keep({ nextRunAt: clock.now() + waitMs, failures, intervalMs, breaker: breaker.toJSON() });
      } finally {
        // What it has absorbed is news, though its schedule could not be kept: the next run finds nothing new.
        tell(row, deps.log);
        await deps.ended(row, state(clock.now() + waitMs));
      }
      return waitMs;
    } catch (error) {
      deps.log.error(
        { provider: provider.name, err: error },
        `${provider.name}: the run could not be kept: ${messageOf(error)}`,
      );
      return schedule.next('failed', null);
    }
  }

  async function loop(): Promise<void> {
    // Not longer than the provider's own interval, whatever clock the last leader had.
    let waitMs = Math.min(Math.max((deps.kept?.nextRunAt ?? 0) - clock.now(), 0), pace.pollMsMax);
    while (!stop.aborted) {
      waiting = new AbortController();
      const signal = AbortSignal.any([stop, waiting.signal]);
      await clock.sleep(waitMs, signal);
      waiting = null;
      if (!stop.aborted) waitMs = await turn();
    }
  }

  return { hurry: () => waiting?.abort(), done: loop() };
}

function tell(row: RunRow, log: Log): void {
  const { provider, id, outcome, code, counts } = row;
  const isNews = outcome === 'absorbed' || (counts['quarantined'] ?? 0) > 0;
  const level = code !== null ? 'warn' : isNews ? 'info' : 'debug';
  log[level]({ provider, run: id, outcome, code, ...counts }, wordsOfRun(row));
}

const keptShape = z.object({
  nextRunAt: z.number(),
  failures: z.int().min(0),
  intervalMs: z.number().positive(),
  breaker: z.unknown(),
});

/** Null when what was kept is nothing that this version understands: then the provider is asked at once. */
export function readKeptPoll(kept: unknown): KeptPoll | null {
  const read = keptShape.safeParse(kept);
  return read.success ? { ...read.data, breaker: read.data.breaker } : null;
}
