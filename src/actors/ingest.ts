// The way in: each provider's feed is fetched on its schedule and absorbed into the archive; what has changed is
// published as a snapshot. Search goes on whatever happens here.

import { setTimeout as sleep } from 'node:timers/promises';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Piscina } from 'piscina';
import { Agent } from 'undici';
import { openArchive } from '#/archive/archive.ts';
import { readConfig, type Config, type ProviderConfig } from '#/config.ts';
import { backoffMs } from '#/kit/backoff.ts';
import { createBox, type Box } from '#/kit/box.ts';
import { messageOf } from '#/kit/errors.ts';
import type { Provider } from '#/provider/provider.ts';
import type { BuiltSegment } from '#/snapshot/build.thread.ts';
import { openLocalStore } from '#/store/local.ts';
import { createLog, type Log } from '#/telemetry/log.ts';
import { runFeed, type FeedRunDeps } from './feed-run.ts';
import { endOnStop } from './lifetime.ts';
import { onSupervisor, say } from './messages.ts';
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

  // 2. The publisher: news in a one-slot box, one snapshot at a time
  const news = createBox<'news'>();
  let publishedAt = 0;
  const publisher = createPublisher({
    archive,
    store,
    build: (task) =>
      pool.run(task, { filename: threadOf('snapshot/build.thread.ts') }) as Promise<BuiltSegment>,
    buildAhead: config.ingestThreads + 1,
    announce: (version) => say({ type: 'announce', version }),
    now: Date.now,
  });
  const publishing = keepPublishing(publisher, news, log, () => (publishedAt = Date.now()), stopping.signal);
  onSupervisor((message) => {
    if (message.type !== 'repair') return;
    publisher.distrust();
    news.put('news');
  });

  // 3. What was absorbed before the last stop, and perhaps not published
  news.put('news');

  // 4. Each provider on its own schedule
  const deps: FeedRunDeps = {
    archive,
    dispatcher,
    parse: createParse(pool),
    parseAhead: config.ingestThreads + 2,
    now: Date.now,
    absorbed: () => {
      if (Date.now() - publishedAt > publishEveryMs) news.put('news');
    },
  };
  const polling = config.providers.map((provider) =>
    keepPolling(providerOf(provider), deps, news, log, stopping.signal),
  );
  say({ type: 'ready' });
  log.info(
    { providers: config.providers.length },
    `fetching ${config.providers.map(({ name }) => name).join(', ') || 'nothing: no providers'}`,
  );

  endOnStop(async () => {
    stopping.abort();
    news.close();
    await Promise.all([...polling, publishing]);
    await pool.close();
    await dispatcher.destroy();
    await archive.close();
  }, stopMs);
}

/** Runs a provider's feed again and again, never two at once; what fails is tried again later and later. */
async function keepPolling(
  provider: Provider,
  deps: FeedRunDeps,
  news: Box<'news'>,
  log: Log,
  stop: AbortSignal,
): Promise<void> {
  let failures = 0;
  while (!stop.aborted) {
    try {
      const run = await runFeed(provider, deps, stop);
      if (stop.aborted && run.code === 'stopped') return;
      if (run.outcome === 'absorbed' || run.outcome === 'incomplete') news.put('news');
      failures = run.outcome === 'failed' ? failures + 1 : 0;
      say({
        type: 'run',
        provider: provider.name,
        run,
        quarantined: await deps.archive.quarantineSize(provider.name),
      });
      const words = run.message === null ? '' : `: ${run.message}`;
      log[
        run.outcome === 'failed' || run.outcome === 'incomplete'
          ? 'warn'
          : run.outcome === 'absorbed'
            ? 'info'
            : 'debug'
      ](
        { provider: provider.name, run: run.id, code: run.code, ...run.counts },
        `${provider.name}: ${run.outcome}${words}`,
      );
    } catch (error) {
      failures++;
      log.error(
        { provider: provider.name, err: error },
        `${provider.name}: the run could not be kept: ${messageOf(error)}`,
      );
    }
    const pollMs = provider.pollSeconds * 1000;
    const waitMs =
      failures === 0
        ? pollMs * (0.95 + Math.random() / 10)
        : Math.max(pollMs, backoffMs(failures, retry, Math.random));
    await sleep(waitMs, undefined, { signal: stop }).catch(() => undefined);
  }
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

const threadOf = (path: string): string => new URL(`../${path}`, import.meta.url).href;

function providerOf(config: ProviderConfig): Provider {
  const { timeoutSeconds, feedMegabytesMax, recordMegabytesMax, ...provider } = config;
  const limits = {
    totalMs: timeoutSeconds * 1000,
    headersMs: 30_000,
    idleMs: 15_000,
    connectMs: 10_000,
    bytesMax: feedMegabytesMax * 1e6,
    decodedBytesMax: feedMegabytesMax * 1e6,
    recordBytesMax: recordMegabytesMax * 1e6,
    bytesPerSecondMin: 1000,
  };
  return { ...provider, limits };
}

if (import.meta.main) await runIngest(readConfig(process.env));
