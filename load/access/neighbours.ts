// A quiet client next to one that is far above its limit: whether the quiet one notices. The quiet one sends at a fixed rate,
// whatever the server does. In each set of three rounds it is alone, next to the loud one, and next to one that is as loud at a bare server:
// clients and servers share the processors of this machine, so that any other load delays the quiet one too.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { median } from 'simple-statistics';
import { hashOf, newKey } from '../../src/access/key.ts';
import { fire } from '../attack/fire.ts';
import { createLatencyHistogram, type LatencyHistogram } from '../attack/histogram.ts';
import { startRedis } from '../hosts/redis.ts';
import type { Bench } from '../kit/bench.ts';
import { startChild, type Child } from '../kit/child.ts';
import { medianError } from '../kit/statistics.ts';
import { startSystem, type System, type SystemOptions } from '../kit/system.ts';
import { shortNumber, verdict } from '../kit/table.ts';
import { createClient } from '../search/driver/client.ts';
import { startSimulator } from '../simulator/server.ts';
import type { ElsewhereReady } from './elsewhere.ts';
import type { Heard } from './loud.ts';

export interface Round {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly sent: number;
  readonly failed: number;
}

const kinds = ['alone', 'elsewhere', 'disturbed'] as const;
/** No loud client; one at a bare server; one at Marquee. */
type Kind = (typeof kinds)[number];

const perKind = <Value>(of: (kind: Kind) => Value): Record<Kind, Value> => ({
  alone: of('alone'),
  elsewhere: of('elsewhere'),
  disturbed: of('disturbed'),
});

export interface Neighbours {
  readonly hosts: number;
  readonly rounds: readonly Readonly<Record<Kind, Round>>[];
  /** The 99th percentile of all rounds together: one slow moment of the machine is most of a round's. */
  readonly p99Ms: Readonly<Record<Kind, number>>;
  /** Answers to the loud client by status. */
  readonly loud: Readonly<Record<string, number>>;
  /** Seconds in which the loud client sent. */
  readonly loudSeconds: number;
}

/** Of the loud client, in tokens per second. */
export const limit = 20;
const loudPerSecond = 10 * limit;
/** So many that a hundredth of a round are more than a few requests. */
const quietPerSecond = 400;
const quietConnections = 16;
/** The loud client uses up its first window in this time. */
const beginMs = 500;
const catalogueMs = 60_000;
const timeoutSeconds = 10;
/** By how much the 99th percentile of the quiet client may rise, of that next to a client that is loud elsewhere. */
const target = 1.2;

const entry = (name: string, key: string) => ({
  name,
  hash: `sha256:${hashOf(key)}`,
  scopes: ['search:read'],
});

export async function measureNeighbours(
  bench: Bench,
  hosts: 1 | 2,
  times: number,
  seconds: number,
): Promise<Neighbours> {
  const [quiet, loud] = [newKey(), newKey()];
  const keysFile = join(bench.home, `access-${hosts}.json`);
  const keys = [{ ...entry('quiet', quiet), limit: 1_000_000 }, entry('loud', loud)];
  await writeFile(keysFile, JSON.stringify({ keys }));
  const simulator = await startSimulator();
  try {
    const url = `${simulator.url}/plans?response=1`;
    const common = {
      providers: [{ name: 'load', url, pollSeconds: 3600 }],
      environment: { API_KEYS_FILE: keysFile, RATE_LIMIT: String(limit), RATE_WINDOW_SECONDS: '1' },
    };
    await using stack = new AsyncDisposableStack();
    const urls: string[] = [];
    for (const options of await systemsOf(bench, hosts, common, stack)) {
      const system = stack.use(await startSystem(bench, options));
      await serving(system);
      urls.push(system.url);
    }
    const bare = stack.use(startChild(new URL('elsewhere.ts', import.meta.url), {}));
    const elsewhere = await bare.receive<ElsewhereReady>('elsewhere-ready', 30_000, bench.stop);
    const startLoud = async (at: readonly string[]): Promise<Child> => {
      const args = [loud, String(loudPerSecond), ...at];
      const child = stack.use(startChild(new URL('loud.ts', import.meta.url), { args }));
      await child.receive('loud-ready', 30_000, bench.stop);
      return child;
    };
    const children = { elsewhere: await startLoud([elsewhere.url]), disturbed: await startLoud(urls) };
    return await runRounds(bench, { hosts, urls, key: quiet, children, times, seconds });
  } finally {
    await simulator.close();
  }
}

/** One host with two workers; or two with one each, which share a Redis. */
async function systemsOf(
  bench: Bench,
  hosts: 1 | 2,
  common: Omit<SystemOptions, 'name' | 'apiWorkers'>,
  stack: AsyncDisposableStack,
): Promise<SystemOptions[]> {
  if (hosts === 1) return [{ ...common, name: 'access', apiWorkers: 2 }];
  const redis = stack.use(await startRedis(bench));
  const environment = { ...common.environment, REDIS_URL: redis.url, SINGLE_INGEST_HOST: 'true' };
  const first = { ...common, name: 'access-first', apiWorkers: 1, environment };
  return [first, { ...first, name: 'access-second', environment: { ...environment, ROLES: 'api' } }];
}

const serving = (system: System): Promise<true> =>
  system.until(
    async () => {
      const { workers } = await system.status();
      return workers.every(({ version }) => (version ?? 0) > 0) || undefined;
    },
    { what: 'every worker serves the catalogue', withinMs: catalogueMs, everyMs: 100 },
  );

interface Job {
  readonly hosts: number;
  readonly urls: readonly string[];
  readonly key: string;
  /** The loud clients. */
  readonly children: Readonly<Record<Exclude<Kind, 'alone'>, Child>>;
  readonly times: number;
  readonly seconds: number;
}

async function runRounds(
  bench: Bench,
  { hosts, children, times, seconds, ...job }: Job,
): Promise<Neighbours> {
  const done: Record<Kind, Round>[] = [];
  const loud: Record<string, number> = {};
  const all = perKind(createLatencyHistogram);
  async function roundOf(kind: Kind): Promise<Round> {
    const child = kind === 'alone' ? null : children[kind];
    child?.send({ type: 'start' });
    await sleep(beginMs);
    const round = await ask(bench, { ...job, seconds }, all[kind]);
    child?.send({ type: 'stop' });
    const heard = await child?.receive<Heard>('heard', 60_000, bench.stop);
    if (kind === 'disturbed')
      for (const [status, count] of Object.entries(heard?.statuses ?? {}))
        loud[status] = (loud[status] ?? 0) + count;
    return round;
  }
  await ask(bench, { ...job, seconds }, createLatencyHistogram());
  for (let time = 0; time < times; time++) {
    bench.log(`access: rounds ${time + 1} of ${times}, ${hosts} hosts`);
    const rounds: Partial<Record<Kind, Round>> = {};
    // Another one is first each time.
    for (let i = 0; i < kinds.length; i++) {
      const kind = kinds[(time + i) % kinds.length] as Kind;
      rounds[kind] = await roundOf(kind);
    }
    done.push(rounds as Record<Kind, Round>);
  }
  const p99Ms = perKind((kind) => all[kind].percentiles().p99);
  return { hosts, rounds: done, p99Ms, loud, loudSeconds: times * (seconds + beginMs / 1000) };
}

/** Each connection has its own requests: so all hosts and workers get some. `heard` gets all latencies. */
async function ask(
  { stop }: Bench,
  { urls, key, seconds }: Pick<Job, 'urls' | 'key' | 'seconds'>,
  heard: LatencyHistogram,
): Promise<Round> {
  const clients = Array.from({ length: quietConnections }, (_, i) =>
    createClient(urls[i % urls.length] ?? '', 1, timeoutSeconds),
  );
  const common = { paths: ['/search'], headers: { 'x-api-key': key }, seconds, stop };
  const perSecond = quietPerSecond / quietConnections;
  const rounds = await Promise.all(
    clients.map(async (client, i) => {
      // Not all at the same instant.
      await sleep((i * 1000) / quietPerSecond);
      return fire({ ...common, clients: [client], perSecond });
    }),
  );
  await Promise.all(clients.map((client) => client.destroy()));
  const all = createLatencyHistogram();
  for (const { latency } of rounds) all.add(latency);
  heard.add(all);
  const { p50, p99 } = all.percentiles();
  const sum = (of: 'sent' | 'failed'): number => rounds.reduce((total, round) => total + round[of], 0);
  return { p50Ms: p50, p99Ms: p99, sent: sum('sent'), failed: sum('failed') };
}

/** Next to the loud client, of next to one that is loud elsewhere, time by time. Less is better. */
export const p99Ratios = ({ rounds }: Neighbours): number[] =>
  rounds.map(({ elsewhere, disturbed }) => disturbed.p99Ms / elsewhere.p99Ms);

export const columns = [
  '',
  'loud client gets',
  'p50 alone',
  'loud elsewhere',
  'next to it',
  'p99 alone',
  'loud elsewhere',
  'next to it',
  'p99 of alone',
  'of loud elsewhere',
  'failed',
  'target',
  '',
];

export function rowOf(neighbours: Neighbours): string[] {
  const { hosts, rounds, p99Ms, loud, loudSeconds } = neighbours;
  const p50 = (kind: Kind): string => `${shortNumber(median(rounds.map((round) => round[kind].p50Ms)))} ms`;
  const ratio = p99Ms.disturbed / p99Ms.elsewhere;
  const failed = rounds.reduce((sum, { disturbed }) => sum + disturbed.failed, 0);
  return [
    hosts === 1 ? 'one host, two workers' : 'two hosts, one worker each',
    `${((loud['200'] ?? 0) / loudSeconds).toFixed(0)}/s of ${loudPerSecond}`,
    ...kinds.map(p50),
    ...kinds.map((kind) => `${shortNumber(p99Ms[kind])} ms`),
    `${(p99Ms.disturbed / p99Ms.alone).toFixed(3)} ×`,
    `${ratio.toFixed(3)} × (± ${medianError(p99Ratios(neighbours)).toFixed(3)})`,
    String(failed),
    `${target} ×`,
    verdict(ratio <= target && failed === 0),
  ];
}
