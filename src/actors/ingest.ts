// The way in: each provider's feed is fetched on its schedule and absorbed into the archive; what has changed is
// published as a snapshot. Search goes on whatever happens here.

import { setTimeout as sleep } from 'node:timers/promises';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Piscina } from 'piscina';
import { Agent } from 'undici';
import { openArchive, type Archive } from '#/archive/archive.ts';
import type { RunRow } from '#/archive/runs.ts';
import { readConfig, type Config } from '#/config.ts';
import { backoffMs } from '#/kit/backoff.ts';
import { createBox, type Box } from '#/kit/box.ts';
import { messageOf } from '#/kit/errors.ts';
import { openBodies } from '#/provider/bodies.ts';
import { fetchStubbornly } from '#/provider/stubborn.ts';
import type { BuiltSegment } from '#/snapshot/build.thread.ts';
import { openLocalStore } from '#/store/local.ts';
import { createLog, type Log } from '#/telemetry/log.ts';
import { answerQuestion } from './answer-question.ts';
import { runFeed, type FeedRun, type FeedRunDeps } from './feed-run.ts';
import { endOnStop } from './lifetime.ts';
import { onSupervisor, say } from './messages.ts';
import { keepPolling, type Polling, type PollState } from './polling.ts';
import { createParse } from './parse-pool.ts';
import { createPublisher, type Publisher } from './publish.ts';

const stopMs = 12_000;
const retry = { baseMs: 500, maxMs: 60_000 };
/** While a long run goes on, what it has absorbed so far is published this often. */
const publishEveryMs = 5000;

async function runIngest(config: Config): Promise<void> {
  const log = createLog(config.logLevel, 'ingest');
  // 1. The archive, the snapshot store and the thread pool
  await mkdir(config.dataDir, { recursive: true });
  const archive = await openArchive(config.archiveUrl);
  const store = await openLocalStore(join(config.dataDir, 'snapshots'));
  const pool = createPool(config.ingestThreads, log);
  const dispatcher = new Agent({ connect: { timeout: 10_000 }, connections: 2, pipelining: 1 });
  const stopping = new AbortController();
  const bodies = await openBodies(
    join(config.dataDir, 'bodies'),
    config.feedBodiesBytesMax,
    Date.now,
    (message) => log.warn(message),
  );

  // 2. The publisher: news in a one-slot box, one snapshot at a time; first what the last stop left unpublished
  const news = createBox<'news'>();
  let publishedAt = 0;
  const publisher = createPublisher({
    archive,
    store,
    build: (task) => pool.run(task, { filename: buildThread }) as Promise<BuiltSegment>,
    buildAhead: config.ingestThreads + 1,
    announce: (version) => say({ type: 'announce', version }),
    now: Date.now,
  });
  const publishing = keepPublishing(publisher, news, log, () => (publishedAt = Date.now()), stopping.signal);
  news.put('news');

  // 3. Each provider on its own schedule
  const deps: FeedRunDeps = {
    archive,
    fetch: async ({ name, url, limits }, validators, stop) =>
      bodies.copied(name, await fetchStubbornly(url, validators, limits, dispatcher, stop)),
    parse: createParse(pool),
    parseAhead: config.ingestThreads + 2,
    now: Date.now,
    absorbed: () => {
      if (Date.now() - publishedAt > publishEveryMs) news.put('news');
    },
  };
  const polling = new Map<string, Polling>();
  for (const provider of config.providers) {
    const ended = async (row: RunRow, state: PollState): Promise<void> => {
      if (row.outcome === 'absorbed' || row.outcome === 'incomplete') news.put('news');
      await tellState(provider.name, archive, state);
      await bodies.keep(row);
    };
    const run = (stop: AbortSignal): Promise<FeedRun> => runFeed(provider, deps, stop);
    const poll = { run, ended, log, random: Math.random, now: Date.now };
    polling.set(provider.name, keepPolling(provider, poll, stopping.signal));
  }
  say({ type: 'ready' });
  log.info(`fetching ${[...polling.keys()].join(', ') || 'nothing: there are no providers'}`);

  // 4. What the supervisor asks for
  onSupervisor((message) => {
    if (message.type === 'repair') {
      publisher.distrust();
      news.put('news');
    }
    if (message.type === 'ask') void answerQuestion(message.id, message.question, archive, polling);
  });
  endOnStop(async () => {
    stopping.abort();
    news.close();
    await Promise.all([...Array.from(polling.values(), ({ done }) => done), publishing]);
    await pool.close();
    await dispatcher.destroy();
    await archive.close();
  }, stopMs);
}

async function tellState(provider: string, archive: Archive, poll: PollState | null): Promise<void> {
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
      if (outcome.kind === 'published')
        log.info(
          outcome,
          `published version ${outcome.version}: ${outcome.events} events, ${outcome.built} segments built, ${outcome.reused} kept`,
        );
    } catch (error) {
      failures++;
      publisher.distrust();
      log.error({ err: error }, `could not publish: ${messageOf(error)}`);
      await sleep(backoffMs(failures, retry, Math.random), undefined, { signal: stop }).catch(
        () => undefined,
      );
      news.put('news');
    }
  }
}

function createPool(threads: number, log: Log): Piscina {
  const pool = new Piscina({
    minThreads: 1,
    maxThreads: threads,
    idleTimeout: 30_000,
    maxQueue: 256,
    resourceLimits: { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32 },
  });
  pool.on('error', (error) => log.error({ err: error }, 'a thread of the pool failed'));
  return pool;
}

const buildThread = new URL('../snapshot/build.thread.ts', import.meta.url).href;

if (import.meta.main) await runIngest(readConfig(process.env));
