// Forks the actors, replaces those that die, freeze or take too much, passes their news on, and answers on the admin port
// from what it remembers. It holds no data and does no work that can block.

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '#/config.ts';
import { createAdminServer } from '#/http/admin.ts';
import { cannotListen } from '#/http/listen.ts';
import { createLanes } from '#/kit/lanes.ts';
import { createLog } from '#/telemetry/log.ts';
import { createAsker } from './ask.ts';
import { keepActor, type KeptActor } from './kept-actor.ts';
import type { Cause, ChildMessage, Leader, ProviderState } from './messages.ts';
import { createReload, told } from './reload.ts';
import { onReloadSignal, stopSignal } from './signals.ts';
import { providersOf, statusOf, unknownProvider, type ApiSlot, type State } from './status.ts';
import { createWatchdog } from './watchdog.ts';
import { createWatching } from './watching.ts';

/** How it ended: with an exit code that tells a caller what to do. */
export type Ending = 'stopped' | 'something had to be killed';

/** A port that cannot be had. */
export class Unavailable extends Error {}

const stopMs = 15_000;

/** Starts everything and resolves when it was stopped by a signal. Throws ConfigError, or when a port cannot be had. */
export async function supervise(read: () => Config): Promise<Ending> {
  let config = read();
  const log = createLog({ level: config.logLevel, actor: 'supervisor' });
  const watchdog = createWatchdog();
  const startedAt = Date.now();
  const slots: ApiSlot[] = [];
  const providers = new Map<string, ProviderState>();
  /** What keeps ingest from its work, by where. */
  const troubles = new Map<string, string>();
  let ingest: KeptActor | null = null;
  let announced: { version: number; cause: Cause | null } | null = null;
  let leader: Leader | null = null;
  let everReady = false;
  let ending = false;
  const unable = Promise.withResolvers<{ fault: string }>();
  const asker = createAsker((message) => ingest?.child.send(message));
  const oneAtATime = createLanes(1);
  const watching = createWatching({
    workers: () => slots.map(({ slot, actor, serving }) => ({ slot, child: actor.child, serving })),
    ingest: () => ingest?.child ?? null,
    announced: () => announced,
  });
  knowProviders();

  // 1. The admin port first: whoever watches shall see the rest start
  const reload = createReload({
    present: () => config,
    read,
    workers: () => slots.length,
    renewWorker: async (slot, next) => (await slots[slot]?.actor.renew(next)) ?? null,
    fitWorkers,
    renewIngest: async (next) => (await ingest?.renew(next)) ?? null,
    adopt(next) {
      config = next;
      log.level = next.logLevel;
      knowProviders();
    },
    isEnding: () => ending,
    log,
  });
  const admin = createAdminServer({
    ready,
    status: () =>
      statusOf({
        state: state(),
        ready: ready(),
        startedAt,
        announced: announced?.version ?? null,
        slots,
        ingest,
        troubles,
        leader,
        providers,
      }),
    metrics: (accept) => watching.expose(accept),
    providers: () => providersOf({ leader, providers }),
    history: (about, provider, limit) => asker.ask({ about, provider, limit }),
    snapshots: (limit) => asker.ask({ about: 'snapshots', limit }),
    pin: async (version) => {
      const answer = await asker.ask(version === null ? { about: 'unpin' } : { about: 'pin', version });
      for (const { actor } of slots)
        actor.child.send({ type: 'announced', version: version ?? 0, cause: null });
      return answer;
    },
    diff: (from, to, limit) => asker.ask({ about: 'diff', from, to, limit }),
    approve: async (provider) => (await asker.ask({ about: 'approve', provider })).approved,
    approvePublish: async () => (await asker.ask({ about: 'approve-publish' })).approved,
    reload: async () => told(await reload.run('POST /reload')),
  });
  admin.listen(config.adminPort, config.adminHost);
  await once(admin, 'listening').catch((error: NodeJS.ErrnoException) => {
    throw new Unavailable(cannotListen('ADMIN_PORT', config.adminHost, config.adminPort, error));
  });
  log.info(`status at http://${config.adminHost}:${(admin.address() as AddressInfo).port}/status`);

  // 2. The actors: those that answer before those that fetch
  if (config.roles.includes('api')) {
    await fitWorkers(config);
    log.info(
      `search at http://${config.host}:${config.port}/search, described at /docs, by ${slots.length} workers`,
    );
  }
  if (config.roles.includes('ingest'))
    ingest = keep('ingest', 'ingest', 'ingest', hearIngest, () => {
      troubles.clear();
      leader = null;
    });

  // 3. Until told to stop, or until it shows that the port cannot be had
  const hasTerminal = process.stdin.isTTY;
  onReloadSignal(hasTerminal, () => void reload.run('SIGHUP'));
  const end = await Promise.race([stopSignal(hasTerminal), unable.promise]);
  // 4. Not ready any more: whoever sends the traffic has a moment to see it. Nobody waits for that at a terminal.
  ending = true;
  log.info(`${typeof end === 'string' ? end : 'cannot start'}, stopping: draining the API workers`);
  if (end === 'SIGTERM') await sleep(config.stopPauseSeconds * 1000);
  // 5. Those that answer first, while the rest still stands
  const children = slots.map(({ actor }) => actor.child);
  for (const child of children) child.expectEnd();
  ingest?.child.expectEnd();
  const stopped = await Promise.all(children.map((child) => child.stop(stopMs)));
  stopped.push((await ingest?.child.stop(stopMs)) ?? true);
  watchdog.stop();
  admin.closeAllConnections();
  admin.close();
  log.info('stopped');
  if (typeof end === 'object') throw new Unavailable(end.fault);
  return stopped.every(Boolean) ? 'stopped' : 'something had to be killed';

  /** Starts or ends workers until there are as many as wanted. */
  async function fitWorkers(wanted: Config): Promise<void> {
    for (let slot = slots.length; slot < wanted.apiWorkers; slot++) slots.push(startApi(slot));
    const surplus = slots.splice(wanted.apiWorkers);
    for (const { slot } of surplus) watching.retire(String(slot));
    await Promise.all(surplus.map(({ actor }) => actor.child.stop(stopMs)));
  }

  function startApi(slot: number): ApiSlot {
    const died = (): void => {
      own.serving = null;
    };
    const actor = keep('api', String(slot), `api worker ${slot}`, (message) => hearApi(own, message), died);
    const own: ApiSlot = { slot, actor, serving: null, refusals: 0 };
    return own;
  }

  function keep(
    kind: 'api' | 'ingest',
    slot: string,
    name: string,
    heard: (message: ChildMessage) => void,
    died: () => void,
  ): KeptActor {
    const degraded = (is: boolean): void => watching.degraded(name, is);
    degraded(false);
    const shared = { config: () => config, watchdog, oneAtATime, stopMs, log };
    return keepActor(kind, slot, name, { ...shared, watch: watching.over(slot), heard, died, degraded });
  }

  function hearApi(from: ApiSlot, message: ChildMessage): void {
    if (message.type === 'ready') everReady = true;
    if (message.type === 'unable') {
      log.error(message.message);
      if (!everReady) unable.resolve({ fault: message.message });
    }
    if (message.type === 'serving') {
      from.serving = message;
    }
    if (message.type === 'refused') {
      from.refusals++;
    }
  }

  function hearIngest(message: ChildMessage): void {
    if (message.type === 'announce') {
      const { version, cause } = message;
      announced = { version, cause };
      for (const { actor } of slots) actor.child.send({ type: 'announced', version, cause });
    }
    if (message.type === 'trouble') {
      if (message.message === null) troubles.delete(message.source);
      else troubles.set(message.source, message.message);
      watching.trouble(message.source, message.message !== null);
    }
    if (message.type === 'run') providers.set(message.provider, message.state);
    if (message.type === 'leader') leader = message.leader;
    if (message.type === 'answer') asker.answered(message.id, message.answer);
  }

  function ready(): boolean {
    if (ending) return false;
    return slots.length > 0 ? slots.some(({ actor }) => actor.child.ready) : ingest?.child.ready === true;
  }

  function state(): State {
    if (ending) return 'stopping';
    if (reload.isRunning) return 'reloading';
    const kept = [...slots.map(({ actor }) => actor), ...(ingest === null ? [] : [ingest])];
    return kept.some(({ child }) => child.degraded) ? 'degraded' : 'running';
  }

  /** Keeps what is known of those that stay. */
  function knowProviders(): void {
    const known = config.providers.map(({ name }) => [name, providers.get(name) ?? unknownProvider] as const);
    providers.clear();
    for (const [name, last] of known) providers.set(name, last);
  }
}
