// An API worker: reads snapshots and answers requests. It connects to the archive only for history, and to no provider.

import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '#/config.ts';
import { createApp } from '#/http/app.ts';
import { createCatalogueHeader } from '#/http/catalogue-header.ts';
import { varyOf } from '#/http/protocol/cors.ts';
import { createApiServer } from '#/http/server.ts';
import { cannotListen } from '#/http/listen.ts';
import { drain } from '#/http/drain.ts';
import type { Listeners } from '#/http/changes/listeners.ts';
import { createEventHandler, type EventHandler } from '#/http/event/handler.ts';
import { createEventsHandler } from '#/http/events/handler.ts';
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
import { logLinesOf } from '#/actor/log-lines.ts';
import { onSupervisorMessage, sendToSupervisor } from '#/actor/messages.ts';
import { countAskedDays } from './asked-days.ts';
import { createCompanions } from './companions.ts';
import { createEditions } from './editions.ts';
import { createFeeds } from './feeds.ts';
import { openWorkerGuard } from './worker-guard.ts';
import { listenForRedirect } from './redirect.ts';
import { createPast } from './past.ts';
import { createReclaim } from './reclaim.ts';
import { createRefresher } from './refresh.ts';
import { observeServed } from './served-changes.ts';
import { openWorkerStore } from './worker-store.ts';
import { createTrouble } from '#/actor/trouble.ts';

/** The worker reads the store's current version this often, in addition to announcements: one of those may be lost. */
const checkEveryMs = 1000;
/** How often the age of the data is written again, in seconds, for the header of the answers. */
const ageEveryMs = 1000;
/** Connections that may wait to be accepted: enough for a thousand clients that connect at the same time. */
const backlog = 4096;
const retry = { baseMs: 250, maxMs: 2000 };
const stopMs = 14_000;
/** How long a keep-alive connection may stay idle during a stop: of the system, and after a successor has taken over. */
const idleMsUrgent = 1000;
const idleMsReplaced = 5000;

async function runApi(config: Config): Promise<void> {
  keepShapes();
  const worker = Number(process.argv[2]);
  const traced = { version: versionOfPackage(), actor: 'api', slot: worker, slowMs: config.slowMs } as const;
  const tracing = await startTracing(config.tracing, traced);
  const log = createLog({ level: config.logLevel, actor: 'api', worker, tee: logLinesOf(config) });
  const meters = createApiMeters(config.otlp.metrics !== null);
  const overload = createOverload(config.busyMs);
  keepBeating(() => ({ refused: overload.refused }));
  void diagnoseOnDemand(config.dataDir, 'api').catch((error: unknown) => {
    log.warn(`diagnostics cannot be written: ${messageOf(error)}`);
  });
  // 1. Open the snapshot store
  const store = await openWorkerStore(config, log, meters.stores);
  const trouble = createTrouble(sendToSupervisor);
  const editions = createEditions({ store, now: () => performance.now() });
  /** Receives a new view, once there can be listeners. */
  let listeners: Pick<Listeners, 'swapped'> | null = null;
  let refreshBegunAt = 0;
  let announcedTrace: string | null = null;
  let refreshTrace: string | null = null;
  let event: EventHandler | null = null; // Created once a catalogue is loaded.
  let reported = { stale: false, pinned: false, loadedAt: 0 };
  /** When the store last confirmed the served version, by the monotonic clock. */
  let confirmedAt: number | null = null;
  const catalogue = createCatalogueHeader(() => ({
    ageSeconds: confirmedAt === null ? null : (performance.now() - confirmedAt) / 1000,
    stale: reported.stale,
    pinned: reported.pinned,
  }));
  setInterval(() => catalogue.update(), ageEveryMs).unref();
  // Exposed by --expose-gc.
  const reclaim = createReclaim(() => globalThis.gc?.());
  const refresher = createRefresher({
    store,
    swapped: (view, manifest, target, before) => {
      const { version, events, segments } = view;
      const { pinned } = target;
      void observeServed(confirmedAt === null ? null : before, target, meters.servedFrom(store));
      editions.swapped(view);
      listeners?.swapped();
      event?.swapped();
      meters.swapped(view, manifest, (performance.now() - refreshBegunAt) / 1000);
      reclaim.served(manifest);
      const parent = { traceparent: refreshTrace };
      tracing.record('swap', { parent, attributes: { 'marquee.version': version } }, refreshBegunAt);
      reported = { stale: store.stale, pinned, loadedAt: Date.now() };
      catalogue.update();
      log.debug({ version, events, segments: segments.length, pinned }, 'serving a new version');
      reportServing();
      void store.keep(manifest, pinned);
    },
    refused: (version, message) => {
      sendToSupervisor({ type: 'refused', version, message });
      meters.api.refreshes.inc({ outcome: 'refused' });
      log.error({ version, message }, 'refused a snapshot, the old view stays');
      // The publisher, on this host or another, checks the stored segments and repairs them.
      store.requestVerification().catch(() => undefined);
    },
  });
  function reportServing(): void {
    const { version, events, segments } = refresher.view;
    sendToSupervisor({ type: 'serving', version, events, segments: segments.length, ...reported });
  }

  const refresh = async (): Promise<boolean> => {
    refreshBegunAt = performance.now();
    [refreshTrace, announcedTrace] = [announcedTrace, null];
    const isWhole = await refresher.refresh();
    trouble.report('store', store.trouble);
    if (isWhole && !store.stale) confirmedAt = performance.now();
    return isWhole;
  };

  // 2. Load the current snapshot before the first request. An empty catalogue may be served; an unknown or damaged one may not.
  for (let tries = 1; !(await refresh()) || (refresher.view.version === 0 && !store.answered); tries++) {
    await sleep(backoffMs(tries, retry, Math.random));
  }
  // 3. Answer requests
  const headers = { cacheControl: config.cacheControl, vary: varyOf(config.corsOrigins), catalogue };
  const search = createSearchHandler({
    ...headers,
    currentView: () => refresher.view,
    isStrict: config.searchStrict,
    cacheBytesMax: config.cacheMegabytes * 1_000_000,
    cacheLooked: meters.requests.cacheLooked,
    asked: countAskedDays(),
    sized: meters.requests.sized,
  });
  const pinned = { current: () => refresher.view, find: editions.find, load: editions.load };
  const events = createEventsHandler({ ...headers, ...pinned });
  const past = createPast({
    open: async (failed) => (await import('#/archive/history/reader.ts')).openPast(config.archiveUrl, failed),
    now: () => performance.now(),
  });
  const { guard, standing } = await openWorkerGuard(config, meters.api.denied, log);
  const isPinned = (): boolean => reported.pinned;
  const feeds = createFeeds(config, { ...headers, standing, pinned, editions, past, isPinned });
  meters.countListeners((listeners = feeds.listeners));
  event = createEventHandler({
    ...headers,
    current: () => refresher.view,
    companions: createCompanions({ store }),
    viewOf: editions.viewOf,
    past,
    now: Date.now,
  });
  const share = config.accessLogShare;
  const dropped = (): void => meters.api.logDropped.inc();
  const accessLog = createAccessLog({ log, share, dropped, now: Date.now });
  const server = createApiServer(search, events, createApp(feeds.handlers), {
    tls: config.tls.api,
    connectionsMax: connectionsWithin(config.connectionsMax, descriptorsMax()),
    overload,
    cors: config.corsOrigins,
    guard,
    event,
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
  const redirect = listenForRedirect(config, log);
  meters.countConnections(server);
  server.on('error', (error: NodeJS.ErrnoException) => {
    // For example no free file descriptor: later connections may be accepted again.
    if (server.listening) return log.error(`a connection was not accepted: ${messageOf(error)}`);
    sendToSupervisor({ type: 'unable', message: cannotListen('PORT', config.host, config.port, error) });
    // Gives the supervisor time to read the message.
    setTimeout(() => process.exit(69), 200);
  });
  server.listen({ port: config.port, host: config.host, backlog }, () => {
    sendToSupervisor({ type: 'ready', port: (server.address() as AddressInfo).port });
    reportServing();
    // The supervisor ignored what this process reported before it was ready.
    trouble.repeat();
  });
  // 4. Follow the store: an announcement only triggers a look at it
  const announcements = createLatestValue<true>();
  const onChange = (trace: string | null): void => {
    announcedTrace = trace ?? announcedTrace;
    announcements.put(true);
  };
  onSupervisorMessage((message) => {
    if (message.type === 'announced') onChange(message.traceparent);
  });
  store.watch(onChange);
  void checkRegularly(() => onChange(null));
  endOnStop(async (urgent) => {
    redirect?.close();
    feeds.listeners.stop();
    await drain(server, urgent ? idleMsUrgent : idleMsReplaced);
    await meters.report();
    await past.close();
    await store.close();
    await tracing.stop();
  }, stopMs);
  for (;;) {
    if ((await announcements.take()) === undefined) return;
    await refresh();
    if (store.stale !== reported.stale) {
      reported = { ...reported, stale: store.stale };
      catalogue.update();
      reportServing();
    }
  }
}

async function checkRegularly(check: () => void): Promise<never> {
  for (;;) {
    await sleep(checkEveryMs * (0.5 + Math.random()), undefined, { ref: false });
    check();
  }
}

if (import.meta.main) await runApi(await receiveConfiguration('api'));
