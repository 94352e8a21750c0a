// What whoever leads does: each provider's feed is fetched on its schedule and absorbed into the archive; what has
// changed is published as a snapshot.

import type { Archive } from '#/archive/archive.ts';
import { FencedOff } from '#/archive/leader.ts';
import type { RunRow } from '#/archive/runs.ts';
import { backoffMs } from '#/kit/backoff.ts';
import { createBox, type Box } from '#/kit/box.ts';
import type { Clock } from '#/kit/clock.ts';
import { messageOf } from '#/kit/errors.ts';
import type { Bodies } from '#/provider/bodies.ts';
import type { Provider } from '#/provider/provider.ts';
import type { SnapshotStore } from '#/store/store.ts';
import type { Log } from '#/telemetry/log.ts';
import type { Tracing } from '#/telemetry/tracing.ts';
import { createCauses, type Causes } from './causes.ts';
import { runFeed, type FeedRun, type FeedRunDeps } from './feed-run.ts';
import type { IngestMeters } from './ingest-meters.ts';
import type { ChildMessage, ProviderState } from './messages.ts';
import { keepPolling, readKeptPoll, type KeptPoll, type Polling, type PollState } from './polling.ts';
import { createDoubts, type Doubts } from './doubts.ts';
import { stateOf } from './following.ts';
import { createPace, type Pace } from './pace.ts';
import { createPassing, type Passing } from './passing.ts';
import { createPublisher, type Publisher, type PublisherDeps, type PublishOutcome } from './publish.ts';
import { messageOfHeld, type Held } from './vouch.ts';
import type { Trouble } from './trouble.ts';
import { tracedAnnounce, tracedPublish, tracedRun } from './traced.ts';

export interface TermDeps {
  readonly archive: Archive;
  readonly store: SnapshotStore;
  /** The last good snapshot on this host's own disk, where the store is another one. */
  readonly mirror: PublisherDeps['mirror'];
  /** Raw bodies of the feeds that changed something. */
  readonly bodies: Pick<Bodies, 'keep'>;
  readonly providers: readonly Provider[];
  readonly feeds: Omit<FeedRunDeps, 'archive' | 'absorbed' | 'now'>;
  readonly build: PublisherDeps['build'];
  readonly buildAhead: number;
  readonly log: Log;
  readonly clock: Clock;
  /** To the supervisor. */
  readonly say: (message: ChildMessage) => void;
  /** Of the process: it outlives the term. */
  readonly trouble: Trouble;
  readonly meters: Pick<IngestMeters, 'asks' | 'runEnded' | 'tellProvider' | 'published' | 'publishHeld'>;
  readonly tracing: Tracing;
}

export interface Term {
  /** Has the provider asked now. */
  hurry(provider: string): void;
  /** Lets the publish through that is held; null when none is. */
  approvePublish(): Held | null;
  /** Resolves when `stop` was called and all has come to rest. */
  readonly done: Promise<void>;
}

/** How often the store is asked whether it still has what was published, and whether anybody refuses it. */
const lookMs = 2000;
/** By then a change is on every worker. */
const keepAfterMs = 500;
const retry = { baseMs: 500, maxMs: 2000 };

export async function beginTerm(deps: TermDeps, stop: AbortSignal): Promise<Term> {
  const { archive, store, log, clock, say, trouble } = deps;
  // First of all, for it may fail: then nothing is left running that the next term would not know of.
  const begun: { provider: Provider; kept: KeptPoll | null; known: ProviderState }[] = [];
  for (const provider of deps.providers) {
    const kept = readKeptPoll(await archive.pollState(provider.name));
    begun.push({ provider, kept, known: await stateOf(provider, archive, null) });
  }
  trouble.tell('archive', null);
  const news = createBox<'news'>();
  stop.addEventListener('abort', () => news.close());
  const pace = createPace(clock.elapsed);
  const passing = createPassing(store, clock.elapsed);
  const causes = createCauses();
  const announce = (version: number): void =>
    tracedAnnounce(causes.taken, deps.tracing, (cause) => say({ type: 'announce', version, cause }));
  const publisher = createPublisher({ ...deps, store: passing.store, announce, now: clock.now });
  // What the last leader absorbed, and perhaps did not publish, is the first news.
  news.put('news');
  const doubts = createDoubts(store, clock.elapsed);
  const published = (outcome: PublishOutcome, tookMs: number, isPart: boolean): void => {
    const { look, mended } = outcome;
    if (outcome.kind === 'published') passing.published(outcome.version, isPart);
    causes.done();
    deps.meters.published(outcome, tookMs / 1000);
    pace.published(outcome.kind === 'published' ? outcome.rebuilt : 0, tookMs);
    if (look === 'bytes') doubts.answer(mended);
    if (mended === 0) return;
    log.warn({ mended }, `mended the store: ${mended} segments were gone or broken`);
    say({ type: 'mended', segments: mended });
  };
  const publishing = keepPublishing(publisher, news, causes, pace, deps, published, stop);
  const looking = keepLooking(publisher, doubts, news, passing, deps, stop);

  const feeds: FeedRunDeps = {
    ...deps.feeds,
    archive,
    now: clock.now,
    absorbed: (events) => void (pace.absorbed(events) && news.put('news')),
  };
  const polling = new Map<string, Polling>();
  for (const { provider, kept, known } of begun) {
    const { name } = provider;
    deps.meters.asks(provider);
    let last = known;
    const tellState = (state: ProviderState): void => {
      last = state;
      deps.meters.tellProvider(provider, state);
      say({ type: 'run', provider: name, state });
    };
    const told = (poll: PollState): void => tellState({ ...last, poll });
    const ended = async (row: RunRow, state: PollState): Promise<void> => {
      const isNews = row.outcome === 'absorbed' || row.outcome === 'incomplete';
      if (isNews) {
        pace.runEnded();
        causes.add({ askedAt: row.startedAt, traceparent });
        news.put('news');
      }
      deps.meters.runEnded(row);
      tellState(await stateOf(provider, archive, state));
      // What it has changed is published first: to digest and to compress a body takes a core for a while.
      if (isNews) await clock.sleep(keepAfterMs, stop);
      await deps.bodies.keep(row);
    };
    // A run that the archive ended may have been absorbed all the same, and then the next one finds nothing new.
    const failed = (): void => news.put('news');
    let traceparent: string | null = null;
    const run = (ending: AbortSignal): Promise<FeedRun> =>
      tracedRun(name, deps.tracing, (trace) => {
        traceparent = trace;
        return onceThere(() => runFeed(provider, feeds, ending), failed, deps, ending);
      });
    const keep = (poll: object): Promise<void> => archive.keepPollState(name, poll);
    const poll = { run, ended, told, kept, keep, log, clock };
    polling.set(name, keepPolling(provider, poll, stop));
  }
  return {
    approvePublish() {
      const approved = publisher.approve();
      if (approved === null) return null;
      log.warn(approved, `the loss of ${approved.missing} published events is approved`);
      news.put('news');
      return approved;
    },
    hurry: (provider) => polling.get(provider)?.hurry(),
    done: Promise.all([publishing, looking, ...Array.from(polling.values(), ({ done }) => done)]).then(
      () => undefined,
    ),
  };
}

/** The archive's faults are none of the provider's: its schedule and its breaker wait until the archive is back. */
async function onceThere<T>(
  ask: () => Promise<T>,
  failed: () => void,
  { log, clock, trouble }: TermDeps,
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

async function keepPublishing(
  publisher: Publisher,
  news: Box<'news'>,
  causes: Causes,
  pace: Pace,
  deps: TermDeps,
  published: (outcome: PublishOutcome, tookMs: number, isPart: boolean) => void,
  stop: AbortSignal,
): Promise<void> {
  const { log, clock, trouble, meters, tracing } = deps;
  let failures = 0;
  while ((await news.take()) !== undefined) {
    const begunAt = clock.elapsed();
    causes.take();
    const isPart = pace.begin();
    try {
      const outcome = await tracedPublish(publisher, causes.taken, tracing);
      failures = 0;
      trouble.tell('publish', null);
      tellHeld(outcome.kind === 'held' ? outcome.held : null, deps);
      published(outcome, clock.elapsed() - begunAt, isPart);
      if (outcome.kind === 'published') {
        const { version, events, built, reused } = outcome;
        // The run that it came of has its line already.
        log.info(
          { ...outcome, detail: true },
          `published version ${version}: ${events} events, ${built} segments built, ${reused} kept`,
        );
      }
    } catch (error) {
      failures++;
      meters.published(null, (clock.elapsed() - begunAt) / 1000);
      publisher.distrust('presence');
      trouble.tell('publish', messageOf(error));
      log.error({ err: error }, `could not publish: ${messageOf(error)}`);
      await clock.sleep(backoffMs(failures, retry, clock.random), stop);
      news.put('news');
    }
  }
  // Whoever leads next sees for itself.
  tellHeld(null, deps);
}

function tellHeld(held: Held | null, { log, trouble, meters }: TermDeps): void {
  meters.publishHeld(held?.missing ?? 0);
  trouble.tell('held', held === null ? null : messageOfHeld(held));
  if (held !== null) log.error(held, messageOfHeld(held));
}

/** A store may lose everything, come back from an old copy, or go bad: then it is filled from the archive. */
async function keepLooking(
  publisher: Publisher,
  doubts: Doubts,
  news: Box<'news'>,
  passing: Passing,
  { store, clock }: TermDeps,
  stop: AbortSignal,
): Promise<void> {
  while (!stop.aborted) {
    await clock.sleep(lookMs * (0.75 + clock.random() / 2), stop);
    if (publisher.version === null) continue;
    // What could not be pruned is pruned next time.
    await passing.tidy().catch(() => undefined);
    const seen = await store.currentVersion().catch(() => publisher.version);
    const gone = publisher.version !== null && seen !== publisher.version;
    const doubted = await doubts.hear();
    if (stop.aborted || (!gone && !doubted)) continue;
    publisher.distrust(doubted ? 'bytes' : 'presence');
    news.put('news');
  }
}
