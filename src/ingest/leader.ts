// What the leading host does: it fetches each provider's feed on its schedule, absorbs it into the archive, and publishes the
// changes as a snapshot.

import { FencedOff } from '#/archive/leader.ts';
import type { RunRow } from '#/archive/runs/runs.ts';
import type { HeldPublish, PollState, ProviderState, RunNow } from '#/actor/messages.ts';
import { backoffMs } from '#/kit/backoff.ts';
import { messageOf } from '#/kit/errors.ts';
import type { Bodies } from '#/provider/bodies.ts';
import { pagedFormats, type Provider } from '#/provider/provider.ts';
import type { FeedRun, FeedRunDeps } from './feeds/feed-run.ts';
import { keepPolling, readKeptPoll, type KeptPoll, type Polling } from './feeds/polling.ts';
import { runProvider } from './feeds/run.ts';
import { stateOf } from './follower.ts';
import type { IngestMeters } from './metrics.ts';
import { startPublishing, type Publishing, type PublishingDeps } from './publishing/publishing.ts';
import { tracedRun } from './tracing.ts';

export interface LeaderDeps extends PublishingDeps {
  /** The raw bodies of feeds that changed something. */
  readonly bodies: Pick<Bodies, 'keep'>;
  readonly providers: readonly Provider[];
  readonly feeds: Omit<FeedRunDeps, 'archive' | 'absorbed' | 'now'>;
  readonly meters: PublishingDeps['meters'] &
    Pick<IngestMeters, 'startsPolling' | 'runEnded' | 'reportProvider'>;
}

export interface RunningLeader {
  /** Polls the provider now. */
  pollNow(provider: string): void;
  /** Makes the next run of the provider due at once, also while its breaker is open. Throws for an unknown provider. */
  runNow(provider: string): RunNow;
  /** Approves the held publish; null when none is held. */
  approvePublish(): HeldPublish | null;
  /** Resolves after `stop`, when the last run and the last publish have ended. */
  readonly done: Promise<void>;
}

/** By this time after a publish, every worker serves it. */
const keepAfterMs = 500;
/** The longest wait for a publish. */
const publishMsMax = 60_000;
const retry = { baseMs: 500, maxMs: 2000 };

export async function startLeader(deps: LeaderDeps, stop: AbortSignal): Promise<RunningLeader> {
  const { archive } = deps;
  // 1. Read the state of the last leader. First, because it may fail: then nothing has started yet
  const begun: { provider: Provider; kept: KeptPoll | null; known: ProviderState }[] = [];
  for (const provider of deps.providers) {
    const kept = readKeptPoll(await archive.pollState(provider.name));
    begun.push({ provider, kept, known: await stateOf(provider, archive, null) });
  }
  deps.trouble.report('archive', null);
  // 2. Publish changes, and 3. poll every provider
  const publishing = startPublishing(deps, stop);
  const polling = new Map<string, Polling>(
    begun.map(({ provider, kept, known }) => [
      provider.name,
      startPolling(provider, kept, known, publishing, deps, stop),
    ]),
  );
  return {
    approvePublish: () => publishing.approve(),
    pollNow: (provider) => polling.get(provider)?.pollNow(),
    runNow(provider) {
      const found = polling.get(provider);
      if (found === undefined)
        throw new Error(`Got the provider ${provider}, expected one that is configured.`);
      return found.runNow();
    },
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
  const { archive, meters, sendToSupervisor, log, clock } = deps;
  const { name } = provider;
  const feeds: FeedRunDeps = {
    ...deps.feeds,
    archive,
    now: clock.now,
    absorbed: (events, polledAt, remainingMs) =>
      publishing.absorbed(events, { polledAt, traceparent }, remainingMs),
    pageEnded: (page) => deps.bodies.keep(page),
  };
  const isPaged = pagedFormats.has(provider.format);
  let last = known;
  let traceparent: string | null = null;

  function report(state: ProviderState): void {
    last = state;
    meters.reportProvider(provider, state);
    sendToSupervisor({ type: 'run', provider: name, state });
  }

  async function ended(row: RunRow, state: PollState): Promise<void> {
    const hasChanges = row.outcome === 'absorbed' || row.outcome === 'incomplete';
    // Commits have named the polls of their changes. What a document no longer lists is withdrawn after them.
    const withdrew = !isPaged && (row.counts['withdrawn'] ?? 0) > 0;
    const cause = withdrew ? { polledAt: row.startedAt, traceparent } : null;
    const published = hasChanges ? publishing.changed(cause) : null;
    meters.runEnded(row);
    report(await stateOf(provider, archive, state));
    if (published === null) await publishing.maintain();
    // Pages were kept one by one.
    if (isPaged) return;
    // Publish the changes first: hashing and compressing the body occupies a core for a while.
    if (published !== null) {
      const tried = new AbortController();
      void published.then(() => tried.abort());
      await clock.sleep(publishMsMax, AbortSignal.any([stop, tried.signal]));
      await clock.sleep(keepAfterMs, stop);
    }
    await deps.bodies.keep(row);
  }

  // A run that an archive fault interrupted may be partly absorbed; the next run then finds nothing new. So publish now.
  const failed = (): void => void publishing.changed(null);
  const run = (ending: AbortSignal): Promise<FeedRun> =>
    tracedRun(name, deps.tracing, (trace) => {
      traceparent = trace;
      return untilArchiveAnswers(() => runProvider(provider, feeds, ending), failed, deps, ending);
    });

  meters.startsPolling(provider);
  return keepPolling(
    provider,
    {
      run,
      ended,
      stateChanged: (poll) => report({ ...last, poll }),
      kept,
      keep: (poll) => archive.keepPollState(name, poll),
      log,
      clock,
    },
    stop,
  );
}

/** Retries while the archive fails: such a fault does not count for the provider's schedule and circuit breaker. */
async function untilArchiveAnswers<T>(
  ask: () => Promise<T>,
  failed: () => void,
  { log, clock, trouble }: LeaderDeps,
  ending: AbortSignal,
): Promise<T> {
  for (let failures = 1; ; failures++) {
    try {
      const answer = await ask();
      trouble.report('archive', null);
      return answer;
    } catch (error) {
      if (ending.aborted || error instanceof FencedOff) throw error;
      log.error(`the archive failed: ${messageOf(error)}`);
      trouble.report('archive', messageOf(error));
      failed();
      await clock.sleep(backoffMs(failures, retry, clock.random), ending);
    }
  }
}
