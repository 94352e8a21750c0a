// The way out: snapshots in, answers to `GET /search` out. Talks to no provider and to no archive.

import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '#/config.ts';
import { createApp } from '#/http/app.ts';
import { createApiServer } from '#/http/server.ts';
import { cannotListen } from '#/http/listen.ts';
import { drain } from '#/http/drain.ts';
import { createSearchHandler } from '#/http/search-handler.ts';
import { createOverload } from '#/http/overload.ts';
import { backoffMs } from '#/kit/backoff.ts';
import { createLatestValue } from '#/kit/latest-value.ts';
import { connectionsWithin, descriptorsMax } from '#/kit/machine/descriptors.ts';
import { messageOf } from '#/kit/errors.ts';
import { keepShapes } from '#/kit/machine/shapes.ts';
import { createAccessLog } from '#/telemetry/access-log.ts';
import { createLog } from '#/telemetry/log.ts';
import { startTracing } from '#/telemetry/start-tracing.ts';
import { versionOfPackage } from '#/kit/command-line/version.ts';
import { watchRequests } from '#/telemetry/watch.ts';
import { createApiMeters } from './metrics.ts';
import { receiveConfiguration } from '#/actor/configuration.ts';
import { diagnoseOnDemand } from '#/actor/diagnostics.ts';
import { keepBeating } from '#/actor/heartbeat.ts';
import { endOnStop } from '#/actor/lifetime.ts';
import { onSupervisor, say } from '#/actor/messages.ts';
import { createRefresher } from './refresh.ts';
import { openWorkerStore } from './worker-store.ts';
import { createTrouble } from '#/actor/trouble.ts';

/** `current` is the truth and announcements are hints: it is looked at this often whatever is heard. */
const lookMs = 1000;
/** Connections that may wait to be accepted: a thousand that come at once shall not have to knock twice. */
const backlog = 4096;
const retry = { baseMs: 250, maxMs: 2000 };
const stopMs = 14_000;
/** How long a connection that is kept may stay idle when the worker ends, and when another has taken its place already. */
const hurriedMs = 1000;
const unhurriedMs = 5000;

async function runApi(config: Config): Promise<void> {
  keepShapes();
  const worker = Number(process.argv[2]);
  const traced = { version: versionOfPackage(), actor: 'api', slot: worker, slowMs: config.slowMs } as const;
  const tracing = await startTracing(config.tracing, traced);
  const log = createLog({ level: config.logLevel, actor: 'api', worker });
  const meters = createApiMeters();
  const overload = createOverload(config.busyMs);
  keepBeating(() => ({ refused: overload.refused }));
  void diagnoseOnDemand(config.dataDir, 'api').catch((error: unknown) => {
    log.warn(`diagnostics cannot be written: ${messageOf(error)}`);
  });
  // 1. Where snapshots come from
  const store = await openWorkerStore(config, log, meters.stores);
  const trouble = createTrouble(say);
  let lookedAt = 0;
  let heardOf: string | null = null;
  let lookedFor: string | null = null;
  let told = { stale: false, pinned: false, loadedAt: 0 };
  const refresher = createRefresher({
    store,
    swapped: (view, manifest, { pinned }) => {
      const { version, events, segments } = view;
      meters.swapped(view, manifest, (performance.now() - lookedAt) / 1000);
      const parent = { traceparent: lookedFor };
      tracing.record('swap', { parent, attributes: { 'marquee.version': version } }, lookedAt);
      told = { stale: store.stale, pinned, loadedAt: Date.now() };
      log.debug({ version, events, segments: segments.length, pinned }, 'serving a new version');
      tellServing();
      void store.keep(manifest, pinned);
    },
    refused: (version, message) => {
      say({ type: 'refused', version, message });
      meters.api.refreshes.inc({ outcome: 'refused' });
      log.error({ version, message }, 'refused a snapshot, the old view stays');
      // Whoever publishes, on this host or another, finds what is wrong, and mends it.
      store.requestVerification().catch(() => undefined);
    },
  });
  function tellServing(): void {
    const { version, events, segments } = refresher.view;
    say({ type: 'serving', version, events, segments: segments.length, ...told });
  }

  const refresh = async (): Promise<boolean> => {
    lookedAt = performance.now();
    [lookedFor, heardOf] = [heardOf, null];
    const isWhole = await refresher.refresh();
    trouble.tell('store', store.trouble);
    return isWhole;
  };

  // 2. What is there already, before the first request. An empty catalogue is an answer; one that is unknown, or could
  // not be had whole, is not.
  for (let tries = 1; !(await refresh()) || (refresher.view.version === 0 && !store.answered); tries++) {
    await sleep(backoffMs(tries, retry, Math.random));
  }
  // 3. Answer
  const search = createSearchHandler({
    currentView: () => refresher.view,
    cacheControl: config.cacheControl,
    cacheBytesMax: config.cacheMegabytes * 1_000_000,
    cacheLooked: meters.requests.cacheLooked,
  });
  const share = config.accessLogShare;
  const accessLog = createAccessLog({
    log,
    share,
    dropped: () => meters.api.logDropped.inc(),
    now: Date.now,
  });
  const server = createApiServer(search, createApp(), {
    connectionsMax: connectionsWithin(config.connectionsMax, descriptorsMax()),
    overload,
    watched: (listener) =>
      watchRequests(listener, {
        meter: meters.requests,
        accessLog,
        logShare: log.isLevelEnabled('info') ? share : 0,
        slowMs: config.slowMs,
        trace: tracing.request,
        version: () => refresher.view.version,
      }),
  });
  server.on('clientError', () => meters.api.refused.inc());
  let connections = 0;
  server.on('connection', (socket) => {
    connections++;
    socket.once('close', () => connections--);
  });
  meters.countConnections(() => connections);
  server.on('error', (error: NodeJS.ErrnoException) => {
    // A connection that could not be accepted, for want of a descriptor: the next one may be.
    if (server.listening) return log.error(`a connection was not accepted: ${messageOf(error)}`);
    say({ type: 'unable', message: cannotListen('PORT', config.host, config.port, error) });
    // By then the supervisor has read why.
    setTimeout(() => process.exit(69), 200);
  });
  server.listen({ port: config.port, host: config.host, backlog }, () => {
    say({ type: 'ready', port: (server.address() as AddressInfo).port });
    tellServing();
    // What a successor reports before it takes the place counts for nothing.
    trouble.again();
  });
  // 4. Keep up: announcements are hints, the store is the truth
  const news = createLatestValue<true>();
  const heard = (trace: string | null): void => {
    heardOf = trace ?? heardOf;
    news.put(true);
  };
  onSupervisor((message) => {
    if (message.type === 'announced') heard(message.cause?.traceparent ?? null);
  });
  store.watch(heard);
  void keepLooking(() => heard(null));
  endOnStop(async (hurry) => {
    await drain(server, hurry ? hurriedMs : unhurriedMs);
    await meters.tell();
    await store.close();
    await tracing.stop();
  }, stopMs);
  for (;;) {
    if ((await news.take()) === undefined) return;
    await refresh();
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

if (import.meta.main) await runApi(await receiveConfiguration('api'));
