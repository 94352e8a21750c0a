// What the leading host does: each provider's feed is fetched on its schedule and absorbed into the archive; what has
// changed is published as a snapshot.

import { FencedOff } from '#/archive/leader.ts';
import type { RunRow } from '#/archive/runs.ts';
import type { HeldPublish, PollState, ProviderState } from '#/actor/messages.ts';
import { backoffMs } from '#/kit/backoff.ts';
import { messageOf } from '#/kit/errors.ts';
import type { Bodies } from '#/provider/bodies.ts';
import type { Provider } from '#/provider/provider.ts';
import { runFeed, type FeedRun, type FeedRunDeps } from './feeds/feed-run.ts';
import { keepPolling, readKeptPoll, type KeptPoll, type Polling } from './feeds/polling.ts';
import { stateOf } from './follower.ts';
import type { IngestMeters } from './metrics.ts';
import { startPublishing, type Publishing, type PublishingDeps } from './publishing/publishing.ts';
import { tracedRun } from './tracing.ts';

export interface LeaderDeps extends PublishingDeps {
  /** Raw bodies of the feeds that changed something. */
  readonly bodies: Pick<Bodies, 'keep'>;
  readonly providers: readonly Provider[];
  readonly feeds: Omit<FeedRunDeps, 'archive' | 'absorbed' | 'now'>;
  readonly meters: PublishingDeps['meters'] & Pick<IngestMeters, 'asks' | 'runEnded' | 'tellProvider'>;
}

export interface RunningLeader {
  /** Polls the provider now. */
  hurry(provider: string): void;
  /** Lets the held publish through; null when none is held. */
  approvePublish(): HeldPublish | null;
  /** Resolves when `stop` was called and everything has ended. */
  readonly done: Promise<void>;
}

/** After this long a change has reached every worker. */
const keepAfterMs = 500;
const retry = { baseMs: 500, maxMs: 2000 };

export async function startLeader(deps: LeaderDeps, stop: AbortSignal): Promise<RunningLeader> {
  const { archive } = deps;
  // 1. Read what the last leader kept. First, because it may fail: then nothing runs that the next leader does not know
  const begun: { provider: Provider; kept: KeptPoll | null; known: ProviderState }[] = [];
  for (const provider of deps.providers) {
    const kept = readKeptPoll(await archive.pollState(provider.name));
    begun.push({ provider, kept, known: await stateOf(provider, archive, null) });
  }
  deps.trouble.tell('archive', null);
  // 2. Publish what is new, and 3. poll every provider
  const publishing = startPublishing(deps, stop);
  const polling = new Map<string, Polling>(
    begun.map(({ provider, kept, known }) => [
      provider.name,
      startPolling(provider, kept, known, publishing, deps, stop),
    ]),
  );
  return {
    approvePublish: () => publishing.approve(),
    hurry: (provider) => polling.get(provider)?.hurry(),
    done: Promise.all([publishing.done, ...Array.from(polling.values(), ({ done }) => done)]).then(
      () => undefined,
    ),
  };
}

function startPolling(
  provider: Provider,
  kept: KeptPoll | null,
  known: ProviderState,
  publishing: Publishing,
  deps: LeaderDeps,
  stop: AbortSignal,
): Polling {
  const { archive, meters, say, log, clock } = deps;
  const { name } = provider;
  const feeds: FeedRunDeps = {
    ...deps.feeds,
    archive,
    now: clock.now,
    absorbed: () => publishing.absorbed(),
  };
  let last = known;
  let traceparent: string | null = null;

  function report(state: ProviderState): void {
    last = state;
    meters.tellProvider(provider, state);
    say({ type: 'run', provider: name, state });
  }

  async function ended(row: RunRow, state: PollState): Promise<void> {
    const isNews = row.outcome === 'absorbed' || row.outcome === 'incomplete';
    if (isNews) publishing.changed({ askedAt: row.startedAt, traceparent });
    meters.runEnded(row);
    report(await stateOf(provider, archive, state));
    // Its changes are published first: digesting and compressing a body takes a core for a while.
    if (isNews) await clock.sleep(keepAfterMs, stop);
    await deps.bodies.keep(row);
  }

  // A run that the archive ended may have been absorbed all the same, and then the next one finds nothing new.
  const failed = (): void => publishing.changed(null);
  const run = (ending: AbortSignal): Promise<FeedRun> =>
    tracedRun(name, deps.tracing, (trace) => {
      traceparent = trace;
      return untilArchiveAnswers(() => runFeed(provider, feeds, ending), failed, deps, ending);
    });

  meters.asks(provider);
  return keepPolling(
    provider,
    {
      run,
      ended,
      told: (poll) => report({ ...last, poll }),
      kept,
      keep: (poll) => archive.keepPollState(name, poll),
      log,
      clock,
    },
    stop,
  );
}

/** Faults of the archive are not the provider's: its schedule and its breaker wait until the archive is back. */
async function untilArchiveAnswers<T>(
  ask: () => Promise<T>,
  failed: () => void,
  { log, clock, trouble }: LeaderDeps,
  ending: AbortSignal,
): Promise<T> {
  for (let failures = 1; ; failures++) {
    try {
      const answer = await ask();
      trouble.tell('archive', null);
      return answer;
    } catch (error) {
      if (ending.aborted || error instanceof FencedOff) throw error;
      log.error(`the archive failed: ${messageOf(error)}`);
      trouble.tell('archive', messageOf(error));
      failed();
      await clock.sleep(backoffMs(failures, retry, clock.random), ending);
    }
  }
}
