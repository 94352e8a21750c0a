// The supervisor forks the actors, restarts those that exit, replaces those that freeze or exceed a limit, passes announcements
// on, and answers on the admin port from its own state. It holds no data and does no work that can block.

import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { Config } from '#/config.ts';
import { createAdminServer } from '#/http/admin.ts';
import type { AdminDeps } from '#/http/admin/deps.ts';
import { urlOf } from '#/http/listen.ts';
import { connectionsWithin, descriptorsMax } from '#/kit/machine/descriptors.ts';
import { createLog } from '#/telemetry/log.ts';
import { createHostAccess } from './access/host-access.ts';
import {
  createOperator,
  listenOnAdminPort,
  Unavailable,
  useCertificate,
  warnAboutDescriptors,
} from './operator/admin.ts';
import { superviseProcess, type SupervisedProcess } from './processes/supervised-process.ts';
import type { ChildMessage, SupervisorMessage } from '#/actor/messages.ts';
import { createKnownProviders } from './known-providers.ts';
import { createHostExporter } from './otlp/host-exporter.ts';
import { auditLogIn } from './audit/audit-log.ts';
import { createIngestReports } from './ingest-reports.ts';
import { createReload, responseOf } from './reload.ts';
import type { ServiceManager } from './service-manager.ts';
import { onReloadSignal, stopSignal } from './signals.ts';
import { providersOf, statusOf, type ApiWorker, type State } from './status.ts';
import { createWatchdog } from './processes/watchdog.ts';
import { createCollectedMetrics } from './collected-metrics.ts';

/** How the supervisor ended: every process by itself, or some killed after a timeout. main.ts maps it to an exit code. */
export type Ending = 'stopped' | 'killed';

const stopMs = 15_000;

/** Runs until a signal stops it. Throws ConfigError, or Unavailable when a port cannot be opened. */
export async function supervise(read: () => Config, manager: ServiceManager): Promise<Ending> {
  // 1. Handle signals before anything that takes time
  const apiWorkers: ApiWorker[] = [];
  let ingest: SupervisedProcess | null = null;
  let stopping = false;
  const hasTerminal = process.stdin.isTTY;
  const signalled = stopSignal(hasTerminal, beginStop);
  onReloadSignal(hasTerminal, () => stopping || void reload.run('SIGHUP'));
  let config = read();
  const collected = createCollectedMetrics({
    workers: () =>
      apiWorkers.map(({ slot, supervised, serving }) => ({ slot, process: supervised.slot, serving })),
    ingest: () => ingest?.slot ?? null,
    announced: () => reports.announced,
  });
  const exporter = createHostExporter(config.otlp, collected, (level, text) => log[level](text));
  const log = createLog({ level: config.logLevel, actor: 'supervisor', tee: exporter.line });
  const watchdog = createWatchdog();
  const startedAt = Date.now();
  let everReady = false;
  const portFault = Promise.withResolvers<{ fault: string }>();
  const operator = createOperator(
    () => ingest?.slot ?? null,
    apiWorkers,
    () => reports.leader,
  );
  const oneAtATime = pLimit(1);
  const providers = createKnownProviders(config);
  const reports = createIngestReports({
    providers,
    operator,
    trouble: collected.trouble,
    broadcast: sendToWorkers,
  });
  const descriptors = descriptorsMax();
  warnAboutDescriptors(config, descriptors, log);
  const audit = auditLogIn(config.dataDir, log);
  const access = createHostAccess({ config, broadcast: sendToWorkers, acted: audit.record, log });

  // 2. Open the admin port first: probes can then see the rest start
  const reload = createReload({
    current: () => config,
    read,
    workers: () => apiWorkers.length,
    renewWorker: async (slot, next) => (await apiWorkers[slot]?.supervised.renew(next)) ?? null,
    fitWorkers,
    renewIngest: async (next) => (await ingest?.renew(next)) ?? null,
    adopt(next) {
      config = next;
      log.level = next.logLevel;
      exporter.use(next.otlp);
      useCertificate(admin, next);
      providers.match(next);
      warnAboutDescriptors(config, descriptors, log);
    },
    useAccess(rules) {
      config = { ...config, access: rules };
      access.use(rules);
    },
    isStopping: () => stopping,
    ended: collected.reloaded,
    log,
  });
  const deps: AdminDeps = {
    ready,
    status: () =>
      statusOf({
        state: state(),
        ready: ready(),
        startedAt,
        connectionsMax: connectionsWithin(config.connectionsMax, descriptors),
        announced: reports.announced?.version ?? null,
        apiWorkers,
        ingest,
        troubles: reports.troubles,
        leader: reports.leader,
        providers: providers.states,
      }),
    metrics: (accept) => collected.expose(accept),
    providers: () => providersOf({ leader: reports.leader, providers: providers.states }),
    ...operator.requests,
    actions: audit.newest,
    reload: async () => responseOf(await reload.run('POST /reload')),
  };
  const admin = createAdminServer(deps, access.guarded, config.tls.admin);
  await listenOnAdminPort(admin, config, descriptors, log);
  manager.watch(ready, log);

  // 3. Start the actors: the API workers before ingest
  if (config.roles.includes('api') && !stopping) await fitWorkers(config);
  if (config.roles.includes('ingest') && !stopping)
    ingest = superviseActor('ingest', 'ingest', 'ingest', reports.heard, reports.forget);

  // 4. Run until a signal arrives, or an API worker reports that its port cannot be opened
  const end = await Promise.race([signalled, portFault.promise]);
  // 5. Report not ready, and give load balancers time to see it. Only after SIGTERM: at a terminal nothing waits.
  beginStop();
  log.info(`${typeof end === 'string' ? end : 'cannot start'}, stopping: draining the API workers`);
  if (end === 'SIGTERM') await sleep(config.stopPauseSeconds * 1000);
  // 6. Stop the API workers while ingest still runs, then ingest
  const stopped = await Promise.all(apiWorkers.map(({ supervised }) => supervised.slot.stop(stopMs)));
  stopped.push((await ingest?.slot.stop(stopMs)) ?? true);
  watchdog.stop();
  await manager.end();
  access.stop();
  admin.closeAllConnections();
  admin.close();
  log.info('stopped');
  await exporter.stop();
  if (typeof end === 'object') throw new Unavailable(end.fault);
  return stopped.every(Boolean) ? 'stopped' : 'killed';

  /** Not ready from now on. The signal may have reached every process: one that exits is not restarted. */
  function beginStop(): void {
    if (!stopping) manager.stopping();
    stopping = true;
    for (const { slot } of supervisedProcesses()) slot.expectExit();
  }

  function sendToWorkers(message: SupervisorMessage): void {
    for (const { supervised } of apiWorkers) supervised.slot.send(message);
  }

  function supervisedProcesses(): SupervisedProcess[] {
    return [...apiWorkers.map(({ supervised }) => supervised), ...(ingest === null ? [] : [ingest])];
  }

  /** Starts or stops workers until their number is the configured one. */
  async function fitWorkers(wanted: Config): Promise<void> {
    for (let slot = apiWorkers.length; slot < wanted.apiWorkers; slot++) apiWorkers.push(startApi(slot));
    const surplus = apiWorkers.splice(wanted.apiWorkers);
    for (const { slot } of surplus) collected.retire(String(slot));
    await Promise.all(surplus.map(({ supervised }) => supervised.slot.stop(stopMs)));
  }

  function startApi(slot: number): ApiWorker {
    const died = (): void => void Object.assign(own, { serving: null, trouble: null });
    const supervised = superviseActor(
      'api',
      String(slot),
      `api worker ${slot}`,
      (message) => hearApi(own, message),
      died,
    );
    const own: ApiWorker = { slot, supervised, serving: null, refusals: 0, trouble: null };
    return own;
  }

  function superviseActor(
    kind: 'api' | 'ingest',
    slot: string,
    name: string,
    heard: (message: ChildMessage) => void,
    died: () => void,
  ): SupervisedProcess {
    const degraded = (is: boolean): void => collected.degraded(name, slot, is);
    degraded(false);
    const shared = { config: () => config, watchdog, oneAtATime, stopMs, log };
    return superviseProcess(kind, slot, name, {
      ...shared,
      watch: exporter.watching(access.watching(collected.forSlot(slot))),
      heard,
      died,
      degraded,
    });
  }

  function hearApi(from: ApiWorker, message: ChildMessage): void {
    if (message.type === 'ready' && !everReady) {
      everReady = true;
      const url = urlOf(config.host, message.port ?? config.port, config.tls.api !== null);
      log.info(`search at ${url}/search, described at ${url}/docs`);
    }
    if (message.type === 'unable') {
      log.error(message.message);
      if (!everReady) portFault.resolve({ fault: message.message });
    }
    if (message.type === 'serving') from.serving = message;
    if (message.type === 'refused') from.refusals++;
    // A successor starts without trouble, and reports its own.
    if (message.type === 'ready') from.trouble = null;
    if (message.type === 'trouble') from.trouble = message.message;
    operator.heard(message);
  }

  function ready(): boolean {
    if (stopping) return false;
    return apiWorkers.length > 0
      ? apiWorkers.some(({ supervised }) => supervised.slot.ready)
      : ingest?.slot.ready === true;
  }

  function state(): State {
    if (stopping) return 'stopping';
    if (reload.isRunning) return 'reloading';
    return supervisedProcesses().some(({ slot }) => slot.degraded) ? 'degraded' : 'running';
  }
}
