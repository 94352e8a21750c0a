// The way out: snapshots in, answers to `GET /search` out. Talks to no provider and to no archive.

import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { readConfig, type Config } from '#/config.ts';
import { createApp } from '#/http/app.ts';
import { createApiServer } from '#/http/server.ts';
import { cannotListen } from '#/http/listen.ts';
import { drain } from '#/http/drain.ts';
import { createSearchHandler } from '#/http/search-handler.ts';
import { createBox } from '#/kit/box.ts';
import { openLocalStore } from '#/store/local.ts';
import { createLog } from '#/telemetry/log.ts';
import { endOnStop } from './lifetime.ts';
import { onSupervisor, say } from './messages.ts';
import { createRefresher } from './refresh.ts';

/** `current` is the truth and announcements are hints: it is looked at this often whatever is heard. */
const lookMs = 5000;
const stopMs = 12_000;

async function runApi(config: Config): Promise<void> {
  const log = createLog(config.logLevel, 'api');
  // 1. Where snapshots come from
  const store = await openLocalStore(join(config.dataDir, 'snapshots'));
  const refresher = createRefresher({
    store,
    swapped: ({ version, events, segments }) => {
      say({ type: 'serving', version, events, segments: segments.length, loadedAt: Date.now() });
      log.debug({ version, events, segments: segments.length }, 'serving a new version');
    },
    refused: (version, message) => {
      say({ type: 'refused', version, message });
      log.error({ version, message }, 'refused a snapshot, the old view stays');
    },
  });
  // 2. What is there already, before the first request
  await refresher.refresh();
  // 3. Answer
  const search = createSearchHandler(() => refresher.view);
  const server = createApiServer(search, createApp());
  server.once('error', (error: NodeJS.ErrnoException) => {
    say({ type: 'unable', message: cannotListen('PORT', config.host, config.port, error) });
    // By then the supervisor has read why.
    setTimeout(() => process.exit(1), 200);
  });
  server.listen(config.port, config.host, () => {
    say({ type: 'ready' });
    const { version, events, segments } = refresher.view;
    say({ type: 'serving', version, events, segments: segments.length, loadedAt: Date.now() });
  });
  // 4. Keep up: a word from the supervisor is a hint, the store is the truth
  const news = createBox<true>();
  onSupervisor((message) => {
    if (message.type === 'announced') news.put(true);
  });
  void keepLooking(() => news.put(true));
  endOnStop(() => drain(server), stopMs);
  for (;;) {
    if ((await news.take()) === undefined) return;
    await refresher.refresh();
  }
}

async function keepLooking(look: () => void): Promise<never> {
  for (;;) {
    await sleep(lookMs * (0.5 + Math.random()), undefined, { ref: false });
    look();
  }
}

if (import.meta.main) await runApi(readConfig(process.env));
