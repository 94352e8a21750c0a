// Two full hosts on one machine: a supervisor, workers and an ingest actor each, one Redis and one PostgreSQL for both, and a
// provider whose feed only grows, so that a lost event is noticed.

import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import { Agent, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startPostgres, type PostgresServer } from '../_servers/postgres.ts';
import { startRedis, type RedisServer } from '../_servers/redis.ts';
import type { Ending } from '../_servers/ending.ts';
import { freePort, until } from '../_servers/server.ts';
import { isLong } from '../_support/long.ts';
import { run, type Owner, type Running } from './_system.ts';

export interface GrowingFeed {
  readonly url: string;
  /** Adds an event, titled by its number, from 1. Returns the number of events. */
  grow(): number;
  /** Removes the oldest nights from the feed. */
  forget(nights: number): void;
  /** Makes answers stall in the middle from now on; the returned function continues them. */
  hold(): () => void;
  /** The number of fetches so far. */
  readonly fetches: () => number;
}

/** Nights of 2026, each at 20:00, on different days while there are enough. */
export async function startGrowingFeed(t: Ending, nights = 200): Promise<GrowingFeed> {
  let count = nights;
  let fetches = 0;
  let oldest = 1;
  let held: Promise<void> = Promise.resolve();
  const server = createServer((_request, response) => {
    fetches++;
    send(response, feedOf(count, oldest), held).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/feed`,
    fetches: () => fetches,
    grow: () => ++count,
    forget: (gone) => void (oldest += gone),
    hold() {
      let release = (): void => undefined;
      held = new Promise<void>((resolve) => (release = resolve));
      return release;
    },
  };
}

async function send(response: ServerResponse, feed: string, held: Promise<void>): Promise<void> {
  response.writeHead(200, { 'Content-Type': 'application/xml; charset=utf-8' });
  response.write(feed.slice(0, feed.length / 2));
  await held;
  response.end(feed.slice(feed.length / 2));
}

/** The newest nights come first, so that a stalled answer lacks the old ones. */
function feedOf(count: number, oldest: number): string {
  let xml = '<?xml version="1.0" encoding="UTF-8"?>\n<planList version="1.0">\n<output>\n';
  for (let night = count; night >= oldest; night--) {
    const day = new Date(Date.UTC(2026, 0, 1 + (night % 365))).toISOString().slice(0, 10);
    xml +=
      `<base_plan base_plan_id="${night}" sell_mode="online" title="Night ${night}">\n` +
      `<plan plan_id="1" plan_start_date="${day}T20:00:00" plan_end_date="${day}T21:00:00" sell_from="2025-01-01T00:00:00" sell_to="${day}T20:00:00" sold_out="false">\n` +
      `<zone zone_id="1" capacity="5" price="${night}.50" name="Stalls" numbered="true"/>\n</plan>\n</base_plan>\n`;
  }
  return `${xml}</output>\n</planList>\n`;
}

export interface WorkerStatus {
  readonly slot: number;
  readonly pid: number | null;
  readonly ready: boolean;
  readonly version: number | null;
  readonly stale: boolean;
  readonly refusals: number;
}

export interface HostStatus {
  readonly version: number;
  readonly events: number;
  readonly pinned: boolean;
  readonly stale: boolean;
  readonly ready: boolean;
  readonly workers: readonly WorkerStatus[];
  readonly ingest: {
    readonly pid: number;
    readonly ready: boolean;
    readonly troubles: Readonly<Record<string, string>>;
  } | null;
  readonly leader: { readonly host: string; readonly admin: string | null; readonly here: boolean } | null;
  readonly providers: Readonly<
    Record<string, { readonly lastRun: { readonly outcome: string } | null; readonly ask?: string }>
  >;
}

export interface Host extends Running {
  readonly name: string;
  /** Of the public port. */
  readonly url: string;
  readonly adminPort: number;
  readonly startedAt: number;
  readonly dataDir: string;
  status(): Promise<HostStatus>;
  metrics(): Promise<string>;
  admin(method: string, path: string): Promise<unknown>;
  /** The titles of all events. Throws for anything but a whole 200. */
  titles(): Promise<string[]>;
}

export interface Stage {
  readonly redis: RedisServer;
  readonly postgres: PostgresServer;
  readonly database: string;
  readonly feed: GrowingFeed;
  readonly hosts: [Host, Host];
  /** Starts a host again on the disk of the ended one with this name. */
  restart(name: string): Promise<Host>;
  /** The host that holds the lease, and its fence. */
  leader(): Promise<{ readonly host: Host; readonly fence: number }>;
}

export interface StageOptions {
  /** REDIS_URL, from the URL of the server. */
  readonly redisUrl?: (redis: RedisServer) => Promise<string>;
}

const prefix = 'stage';

export async function startStage(t: Owner, options: StageOptions = {}): Promise<Stage> {
  const feed = await startGrowingFeed(t);
  const [redis, postgres] = await Promise.all([startRedis(t), startPostgres(t)]);
  const database = await postgres.database();
  const redisUrl = (await options.redisUrl?.(redis)) ?? redis.url;
  const directory = await mkdtemp(join(tmpdir(), 'marquee-hosts-'));
  t.teardown(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }));

  const restart = (name: string): Promise<Host> =>
    startHost(t, name, {
      DATA_DIR: join(directory, name),
      ARCHIVE_URL: database,
      REDIS_URL: redisUrl,
      REDIS_PREFIX: prefix,
      PROVIDER_URL: feed.url,
      POLL_SECONDS: isLong ? '0.2' : '0.5',
      API_WORKERS: isLong ? '2' : '1',
      INGEST_THREADS: '1',
      LOG_LEVEL: 'info',
    });
  const hosts: [Host, Host] = [await restart('left'), await restart('right')];
  const stage: Stage = {
    redis,
    postgres,
    database,
    feed,
    hosts,
    async restart(name) {
      const host = await restart(name);
      hosts[hosts.findIndex((one) => one.name === name)] = host;
      return host;
    },
    async leader() {
      const token = String(await redis.ask('get', `{${prefix}}:lease`));
      const fence = Number(token.split(':')[0]);
      const host = hosts.find((one) => one.output().includes(`leading with fence ${fence}`));
      if (host === undefined)
        throw new Error(`Got the lease ${token}, expected one of the hosts to hold it.`);
      return { host, fence };
    },
  };
  for (const host of hosts) await until(`${host.name} is ready`, () => isReady(host));
  return stage;
}

export async function leaderOf(stage: Stage): Promise<{ host: Host; fence: number }> {
  await until('somebody leads', () => stage.leader());
  return stage.leader();
}

export const isReady = async (host: Host): Promise<boolean> => {
  const { workers, ingest } = await host.status();
  return workers.every(({ ready }) => ready) && ingest?.ready === true;
};

export async function startHost(
  t: Owner,
  name: string,
  environment: Record<string, string> & { readonly DATA_DIR: string },
): Promise<Host> {
  const [port, adminPort] = [await freePort(), await freePort()];
  const startedAt = performance.now();
  const running = run(t, 'src/main.ts', {
    HOST: '127.0.0.1',
    PORT: String(port),
    ADMIN_PORT: String(adminPort),
    ...environment,
  });
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  t.teardown(() => agent.destroy());
  const admin = (method: string, path: string): Promise<Response> =>
    fetch(`http://127.0.0.1:${adminPort}${path}`, { method, signal: AbortSignal.timeout(5000) });
  return {
    ...running,
    name,
    url: `http://127.0.0.1:${port}`,
    adminPort,
    startedAt,
    dataDir: environment.DATA_DIR,
    status: async () => (await (await admin('GET', '/status')).json()) as HostStatus,
    metrics: async () => (await admin('GET', '/metrics')).text(),
    async admin(method, path) {
      const answer = await admin(method, path);
      const body: unknown = await answer.json();
      if (answer.status !== 200) throw new Error(`Got ${answer.status} ${JSON.stringify(body)} for ${path}.`);
      return body;
    },
    async titles() {
      const body = await bodyOf(`http://127.0.0.1:${port}/search`, agent);
      return (JSON.parse(body) as { data: { events: { title: string }[] } }).data.events.map(
        ({ title }) => title,
      );
    },
  };
}

/** In the short form other tests take the processor. */
const answerMs = isLong ? 2000 : 10_000;

function bodyOf(url: string, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, signal: AbortSignal.timeout(answerMs) }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const body = Buffer.concat(chunks).toString();
        if (response.statusCode === 200) resolve(body);
        else reject(new Error(`Got status ${response.statusCode}: ${body.slice(0, 200)}`));
      });
    });
    request.on('error', reject);
  });
}

export interface Traffic {
  readonly searches: number;
  readonly failures: readonly string[];
  readonly slowestMs: number;
  stop(): Promise<void>;
}

/** Searches everything on a host at a fixed rate (open loop); the number of events must never decrease. */
export function searchAtRate(t: Ending, host: Host, perSecond: number): Traffic {
  const failures: string[] = [];
  const traffic = { searches: 0, failures, slowestMs: 0, stop };
  const fewest = { events: 0 };
  const open = new Set<Promise<void>>();
  const begun = performance.now();
  const timer = setInterval(() => {
    while (traffic.searches < ((performance.now() - begun) / 1000) * perSecond) {
      traffic.searches++;
      const one = search().finally(() => open.delete(one));
      open.add(one);
    }
  }, 10);

  async function search(): Promise<void> {
    const askedAt = performance.now();
    // Another worker may be a version behind, but not behind what all workers served before this request.
    const floor = fewest.events;
    try {
      const { length } = await host.titles();
      traffic.slowestMs = Math.max(traffic.slowestMs, performance.now() - askedAt);
      if (length < floor) failures.push(`${host.name}: ${length} events after ${floor}`);
    } catch (error) {
      failures.push(`${host.name} at ${Math.round(askedAt - begun)} ms: ${String(error)}`);
    }
  }

  async function stop(): Promise<void> {
    clearInterval(timer);
    await Promise.all(open);
  }
  t.teardown(stop);
  return traffic;
}

export interface Witness {
  /** Faults that must not occur. */
  readonly faults: readonly string[];
  stop(): Promise<void>;
}

/** Watches the versions of the workers of a host: they may only increase while nothing is or was pinned. */
export function watchVersions(t: Ending, host: Host): Witness {
  const faults: string[] = [];
  const seen = new Map<number, number>();
  let stopped = false;
  const watching = (async () => {
    while (!stopped) {
      const status = await host.status().catch(() => null);
      for (const { pid, slot, version } of status?.workers ?? []) {
        if (pid === null || version === null) continue;
        const before = seen.get(pid) ?? 0;
        if (version < before) faults.push(`${host.name}, worker ${slot}: version ${version} after ${before}`);
        seen.set(pid, version);
      }
      await sleep(isLong ? 50 : 200);
    }
  })();
  const stop = async (): Promise<void> => {
    stopped = true;
    await watching;
  };
  t.teardown(stop);
  return { faults, stop };
}

/** Milliseconds until every worker of every host serves the whole feed. */
export async function untilFresh(
  stage: Stage,
  count: number,
  hosts: readonly Host[] = stage.hosts,
): Promise<number> {
  const begun = performance.now();
  await until(`the ${hosts.length} hosts show ${count} nights`, async () => {
    const all = await Promise.all(
      hosts.map(async (host) => {
        const { events, workers, version } = await host.status();
        return events >= count && workers.every((worker) => worker.version === version);
      }),
    );
    return all.every(Boolean);
  });
  const took = performance.now() - begun;
  for (const host of hosts) {
    const titles = await host.titles();
    if (!titles.includes(`Night ${count}`)) throw new Error(`Got no Night ${count} from ${host.name}.`);
  }
  return took;
}

/** Every night that ever was in the feed, once. */
export const allNights = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `Night ${i + 1}`).toSorted();
