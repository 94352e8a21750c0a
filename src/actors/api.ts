// The way out: snapshots in, answers to `GET /search` out. Talks to no provider and to no archive.

import { setTimeout as sleep } from 'node:timers/promises';
import { readConfig, type Config } from '#/config.ts';
import { createApp } from '#/http/app.ts';
import { createApiServer } from '#/http/server.ts';
import { cannotListen } from '#/http/listen.ts';
import { drain } from '#/http/drain.ts';
import { createSearchHandler } from '#/http/search-handler.ts';
import { createBox } from '#/kit/box.ts';
import { createLog } from '#/telemetry/log.ts';
import { endOnStop } from './lifetime.ts';
import { onSupervisor, say } from './messages.ts';
import { createRefresher } from './refresh.ts';
import { openWorkerStore } from './stores.ts';

/** `current` is the truth and announcements are hints: it is looked at this often whatever is heard. */
const lookMs = 1000;
const retryMs = 250;
const stopMs = 12_000;

async function runApi(config: Config): Promise<void> {
  const log = createLog(config.logLevel, 'api');
  // 1. Where snapshots come from
  const store = await openWorkerStore(config, log);
  let told = { stale: false, pinned: false, loadedAt: 0 };
  const refresher = createRefresher({
    store,
    swapped: ({ version, events, segments }, manifest, { pinned }) => {
      told = { stale: store.stale, pinned, loadedAt: Date.now() };
      log.debug({ version, events, segments: segments.length, pinned }, 'serving a new version');
      tellServing();
      void store.keep(manifest, pinned);
    },
    refused: (version, message) => {
      say({ type: 'refused', version, message });
      log.error({ version, message }, 'refused a snapshot, the old view stays');
    },
  });
  function tellServing(): void {
    const { version, events, segments } = refresher.view;
    say({ type: 'serving', version, events, segments: segments.length, ...told });
  }

  // 2. What is there already, before the first request. An empty catalogue is an answer, an unknown one is not.
  await refresher.refresh();
  while (refresher.view.version === 0 && !store.answered) {
    await sleep(retryMs);
    await refresher.refresh();
  }
  // 3. Answer
  const search = createSearchHandler({
    currentView: () => refresher.view,
    cacheControl: config.cacheControl,
    cacheBytesMax: config.cacheMegabytes * 1_000_000,
  });
  const server = createApiServer(search, createApp());
  server.once('error', (error: NodeJS.ErrnoException) => {
    say({ type: 'unable', message: cannotListen('PORT', config.host, config.port, error) });
    // By then the supervisor has read why.
    setTimeout(() => process.exit(1), 200);
  });
  server.listen(config.port, config.host, () => {
    say({ type: 'ready' });
    tellServing();
  });
  // 4. Keep up: announcements are hints, the store is the truth
  const news = createBox<true>();
  const heard = (): void => news.put(true);
  onSupervisor((message) => {
    if (message.type === 'announced') heard();
  });
  store.watch(heard);
  void keepLooking(heard);
  endOnStop(async () => {
    await drain(server);
    await store.close();
  }, stopMs);
  for (;;) {
    if ((await news.take()) === undefined) return;
    await refresher.refresh();
    if (store.stale !== told.stale) {
      told = { ...told, stale: store.stale };
      tellServing();
    }
  }
}

async function keepLooking(look: () => void): Promise<never> {
  for (;;) {
    await sleep(lookMs * (0.5 + Math.random()), undefined, { ref: false });
    look();
  }
}

if (import.meta.main) await runApi(readConfig(process.env));
