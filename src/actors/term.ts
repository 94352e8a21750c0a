// What whoever leads does: each provider's feed is fetched on its schedule and absorbed into the archive; what has
// changed is published as a snapshot.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Archive } from '#/archive/archive.ts';
import { FencedOff } from '#/archive/leader.ts';
import type { RunRow } from '#/archive/runs.ts';
import { backoffMs } from '#/kit/backoff.ts';
import { createBox, type Box } from '#/kit/box.ts';
import { messageOf } from '#/kit/errors.ts';
import type { Bodies } from '#/provider/bodies.ts';
import type { Provider } from '#/provider/provider.ts';
import type { SnapshotStore } from '#/store/store.ts';
import type { Log } from '#/telemetry/log.ts';
import { runFeed, type FeedRun, type FeedRunDeps } from './feed-run.ts';
import { say } from './messages.ts';
import { keepPolling, readKeptPoll, type Polling, type PollState } from './polling.ts';
import { createPublisher, type Publisher, type PublisherDeps } from './publish.ts';

export interface TermDeps {
  readonly archive: Archive;
  readonly store: SnapshotStore;
  /** Raw bodies of the feeds that changed something. */
  readonly bodies: Pick<Bodies, 'keep'>;
  readonly providers: readonly Provider[];
  readonly feeds: Omit<FeedRunDeps, 'archive' | 'absorbed' | 'now'>;
  readonly build: PublisherDeps['build'];
  readonly buildAhead: number;
  readonly log: Log;
}

export interface Term {
  /** Has the provider asked now. */
  hurry(provider: string): void;
  /** Has every stored segment looked at, and what is gone or broken built anew. */
  repair(): void;
  /** Resolves when `stop` was called and all has come to rest. */
  readonly done: Promise<void>;
}

/** While a long run goes on, what it has absorbed so far is published this often. */
const publishEveryMs = 5000;
/** How often the store is asked whether it still has what was published. */
const lookMs = 2000;
const retry = { baseMs: 500, maxMs: 2000 };

export async function beginTerm(deps: TermDeps, stop: AbortSignal): Promise<Term> {
  const { archive, store, log } = deps;
  const news = createBox<'news'>();
  stop.addEventListener('abort', () => news.close());
  let publishedAt = 0;
  const publisher = createPublisher({ ...deps, announce, now: Date.now });
  // What the last leader absorbed, and perhaps did not publish, is the first news.
  news.put('news');
  const publishing = keepPublishing(publisher, news, log, () => (publishedAt = Date.now()), stop);
  const looking = keepLooking(publisher, store, news, stop);

  const feeds: FeedRunDeps = {
    ...deps.feeds,
    archive,
    now: Date.now,
    absorbed: () => {
      if (Date.now() - publishedAt > publishEveryMs) news.put('news');
    },
  };
  const polling = new Map<string, Polling>();
  for (const provider of deps.providers) {
    const { name } = provider;
    const ended = async (row: RunRow, state: PollState): Promise<void> => {
      if (row.outcome === 'absorbed' || row.outcome === 'incomplete') news.put('news');
      await tellState(name, archive, state);
      await deps.bodies.keep(row);
    };
    const run = (ending: AbortSignal): Promise<FeedRun> =>
      onceThere(() => runFeed(provider, feeds, ending), log, ending);
    const kept = readKeptPoll(await archive.pollState(name));
    const keep = (poll: object): Promise<void> => archive.keepPollState(name, poll);
    const poll = { run, ended, kept, keep, log, random: Math.random, now: Date.now };
    polling.set(name, keepPolling(provider, poll, stop));
  }
  return {
    hurry: (provider) => polling.get(provider)?.hurry(),
    repair() {
      publisher.distrust('bytes');
      news.put('news');
    },
    done: Promise.all([publishing, looking, ...Array.from(polling.values(), ({ done }) => done)]).then(
      () => undefined,
    ),
  };
}

/** The archive's faults are none of the provider's: its schedule and its breaker wait until the archive is back. */
async function onceThere<T>(ask: () => Promise<T>, log: Log, ending: AbortSignal): Promise<T> {
  for (let failures = 1; ; failures++) {
    try {
      return await ask();
    } catch (error) {
      if (ending.aborted || error instanceof FencedOff) throw error;
      log.error(`the archive failed: ${messageOf(error)}`);
      await sleep(backoffMs(failures, retry, Math.random), undefined, { signal: ending }).catch(
        () => undefined,
      );
    }
  }
}

async function tellState(provider: string, archive: Archive, poll: PollState): Promise<void> {
  const [lastRun = null] = await archive.runs(provider, 1);
  const quarantined = await archive.quarantineSize(provider);
  const held = await archive.held(provider);
  say({ type: 'run', provider, state: { lastRun, quarantined, held, poll } });
}

async function keepPublishing(
  publisher: Publisher,
  news: Box<'news'>,
  log: Log,
  done: () => void,
  stop: AbortSignal,
): Promise<void> {
  let failures = 0;
  while ((await news.take()) !== undefined) {
    try {
      const outcome = await publisher.publish();
      failures = 0;
      done();
      if (outcome.kind === 'published') {
        const { version, events, built, reused } = outcome;
        log.info(
          outcome,
          `published version ${version}: ${events} events, ${built} segments built, ${reused} kept`,
        );
      }
    } catch (error) {
      failures++;
      publisher.distrust('presence');
      log.error({ err: error }, `could not publish: ${messageOf(error)}`);
      await sleep(backoffMs(failures, retry, Math.random), undefined, { signal: stop }).catch(
        () => undefined,
      );
      news.put('news');
    }
  }
}

/** A store may lose everything, or come back from an old copy: then it is filled from the archive. */
async function keepLooking(
  publisher: Publisher,
  store: SnapshotStore,
  news: Box<'news'>,
  stop: AbortSignal,
): Promise<void> {
  while (!stop.aborted) {
    await sleep(lookMs * (0.75 + Math.random() / 2), undefined, { signal: stop }).catch(() => undefined);
    const { version } = publisher;
    const seen = await store.currentVersion().catch(() => version);
    if (version === null || seen === version || stop.aborted) continue;
    publisher.distrust('presence');
    news.put('news');
  }
}

const announce = (version: number): void => say({ type: 'announce', version });
