// Forks the actors, replaces those that die, passes their news on, and answers on the admin port from what it remembers.
// It holds no data and does no work that can block.

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Config } from '#/config.ts';
import { createAdminServer } from '#/http/admin.ts';
import { cannotListen } from '#/http/listen.ts';
import { createLog, type Log } from '#/telemetry/log.ts';
import { createMetrics } from '#/telemetry/metrics.ts';
import { keepChild, type Child, type ChildEvents } from './child.ts';
import { createAsker } from './ask.ts';
import type { ChildMessage, ProviderState } from './messages.ts';

type Serving = Extract<ChildMessage, { type: 'serving' }>;

interface ApiSlot {
  readonly slot: number;
  readonly child: Child;
  serving: Serving | null;
  refusals: number;
}

/** Why the supervisor ends. */
interface End {
  readonly signal: string | null;
  readonly fault: string | null;
}

const stopMs = 15_000;
/** A worker tries a refused snapshot again and again; the publisher need not look each time. */
const repairEveryMs = 3000;

/** Starts everything and resolves when it was stopped by SIGINT or SIGTERM. Throws when the admin port is taken. */
export async function supervise(config: Config): Promise<void> {
  const log = createLog(config.logLevel, 'supervisor');
  const metrics = createMetrics();
  const startedAt = Date.now();
  const slots: ApiSlot[] = [];
  const unknown: ProviderState = { lastRun: null, quarantined: 0, held: null, poll: null };
  const providers = new Map(config.providers.map(({ name }) => [name, unknown]));
  let ingest: Child | null = null;
  let announced: { version: number; at: number } | null = null;
  let repairedAt = -Infinity;
  let everReady = false;
  const unable = Promise.withResolvers<End>();
  const asker = createAsker((message) => ingest?.send(message));

  // 1. The admin port first: whoever watches shall see the rest start
  const admin = createAdminServer({
    ready,
    status,
    metrics: () => metrics.expose(),
    providers: () => providers,
    history: (about, provider, limit) => asker.ask({ about, provider, limit }),
    snapshots: (limit) => asker.ask({ about: 'snapshots', limit }),
    pin: async (version) => {
      const answer = await asker.ask(version === null ? { about: 'unpin' } : { about: 'pin', version });
      for (const { child } of slots) child.send({ type: 'announced', version: version ?? 0 });
      return answer;
    },
    diff: (from, to, limit) => asker.ask({ about: 'diff', from, to, limit }),
    approve: async (provider) => (await asker.ask({ about: 'approve', provider })).approved,
  });
  admin.listen(config.adminPort, config.adminHost);
  await once(admin, 'listening').catch((error: NodeJS.ErrnoException) => {
    throw new Error(cannotListen('ADMIN_PORT', config.adminHost, config.adminPort, error));
  });
  log.info(`status at http://${config.adminHost}:${(admin.address() as AddressInfo).port}/status`);

  // 2. The actors: those that answer before those that fetch
  if (config.roles.includes('api')) {
    for (let slot = 0; slot < config.apiWorkers; slot++) slots.push(startApi(slot));
    log.info(
      `search at http://${config.host}:${config.port}/search, described at /docs, by ${slots.length} workers`,
    );
  }
  if (config.roles.includes('ingest')) {
    ingest = keepChild(pathOf('./ingest.ts'), { ...watched('ingest', log), message: hearIngest });
  }

  // 3. Until told to stop, or until it shows that the port cannot be had
  const end = await Promise.race([stopSignal(), unable.promise]);
  // 4. Those that answer first, while the rest still stands
  log.info(`${end.signal ?? 'cannot start'}, stopping: draining the API workers`);
  for (const child of [...slots.map((slot) => slot.child), ...(ingest === null ? [] : [ingest])])
    child.expectEnd();
  await Promise.all(slots.map(({ child }) => child.stop(stopMs)));
  await ingest?.stop(stopMs);
  admin.closeAllConnections();
  admin.close();
  log.info('stopped');
  if (end.fault !== null) throw new Error(end.fault);

  function startApi(slot: number): ApiSlot {
    metrics.workerUp(slot, false);
    const started: ApiSlot = {
      slot,
      serving: null,
      refusals: 0,
      child: keepChild(
        pathOf('./api.ts'),
        apiEvents(slot, () => started),
      ),
    };
    return started;
  }

  function apiEvents(slot: number, own: () => ApiSlot): ChildEvents {
    const { started, died } = watched(`api worker ${slot}`, log);
    return {
      started,
      died(reason, restartInMs) {
        own().serving = null;
        metrics.workerUp(slot, false);
        died(reason, restartInMs);
      },
      message: (message) => hearApi(own(), message),
    };
  }

  function hearApi(from: ApiSlot, message: ChildMessage): void {
    if (message.type === 'ready') {
      everReady = true;
      metrics.workerUp(from.slot, true);
    }
    if (message.type === 'unable') {
      log.error(message.message);
      if (!everReady) unable.resolve({ signal: null, fault: message.message });
    }
    if (message.type === 'serving') {
      from.serving = message;
      metrics.workerServes(from.slot, message.version, message);
    }
    if (message.type === 'refused') {
      from.refusals++;
      if (performance.now() - repairedAt < repairEveryMs) return;
      repairedAt = performance.now();
      ingest?.send({ type: 'repair', version: message.version });
    }
  }

  function hearIngest(message: ChildMessage): void {
    if (message.type === 'announce') {
      announced = { version: message.version, at: Date.now() };
      for (const { child } of slots) child.send({ type: 'announced', version: message.version });
    }
    if (message.type === 'run') providers.set(message.provider, message.state);
    if (message.type === 'answer') asker.answered(message.id, message.answer);
  }

  function ready(): boolean {
    return slots.length > 0 ? slots.some(({ child }) => child.ready) : ingest?.ready === true;
  }

  function status(): object {
    const newest = slots.flatMap(({ serving }) => serving ?? []).toSorted((a, b) => b.version - a.version)[0];
    return {
      version: newest?.version ?? 0,
      events: newest?.events ?? 0,
      segments: newest?.segments ?? 0,
      ageSeconds: newest === undefined ? null : secondsSince(newest.loadedAt),
      announced: announced?.version ?? null,
      pinned: slots.some(({ serving }) => serving?.pinned === true),
      stale: slots.some(({ serving }) => serving?.stale === true),
      ready: ready(),
      uptimeSeconds: secondsSince(startedAt),
      workers: slots.map(({ slot, child, serving, refusals }) => ({
        slot,
        pid: child.pid,
        ready: child.ready,
        restarts: child.restarts,
        version: serving?.version ?? null,
        stale: serving?.stale ?? false,
        refusals,
      })),
      ingest: ingest === null ? null : { pid: ingest.pid, ready: ingest.ready, restarts: ingest.restarts },
      providers: Object.fromEntries(providers),
    };
  }
}

function watched(name: string, log: Log): Pick<ChildEvents, 'started' | 'died'> {
  return {
    started: (pid) => log.debug({ pid }, `${name} started`),
    died: (reason, restartInMs) =>
      log.error(`${name} died (${reason}); another takes its place in ${restartInMs} ms`),
  };
}

/** The first of SIGINT and SIGTERM; those after it change nothing. */
function stopSignal(): Promise<End> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => resolve({ signal, fault: null }));
  });
}

const pathOf = (module: string): string => fileURLToPath(new URL(module, import.meta.url));
const secondsSince = (instant: number): number => Math.round((Date.now() - instant) / 1000);
