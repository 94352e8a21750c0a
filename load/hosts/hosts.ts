// One event of a large catalogue changes: the time until every worker serves the change, and the cost of it.

import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeManifest, type Manifest } from '#/snapshot/manifest.ts';
import type { Bench, Outcome } from '../kit/bench.ts';
import { startChild, type Child } from '../kit/child.ts';
import { startSystem, type System, type SystemOptions } from '../kit/system.ts';
import type { FeedPlan, FeedRecord } from '../simulator/feed.ts';
import { outcomeOf, type CatalogueFigures, type Change } from './figures.ts';
import { titleAt, type Sent, type Listening, type Revise } from './provider.ts';
import { redisIsHere, startRedis, type OwnRedis } from './redis.ts';
import { startPollingClients, type PollingClients } from './polling-clients.ts';
import { delayOf, readGauges, rssOf } from './workers.ts';

const workers = 2;
const prefix = 'load';
const loadMs = 1_800_000;
const changeMs = 120_000;
/** Longer than a worker needs to swap views and clean up. */
const settleMs = 1000;

export async function hostsSuite(bench: Bench): Promise<Outcome> {
  if (!(await redisIsHere()))
    return { ...outcomeOf([]), failures: ['Got no redis-server, expected it to be installed.'] };
  const given = Number(process.env['EVENTS'] ?? 0);
  const usual = bench.quick ? [20_000] : bench.large ? [100_000, 1_000_000] : [100_000];
  const sizes = given > 0 ? [given] : usual;
  const figures: CatalogueFigures[] = [];
  for (const events of sizes) figures.push(await measure(bench, events, bench.quick ? 5 : 10));
  return outcomeOf(figures);
}

async function measure(bench: Bench, events: number, changes: number): Promise<CatalogueFigures> {
  const name = `hosts-${events}`;
  const gauges = join(bench.home, `${name}-gauges`);
  await mkdir(gauges);
  // 1. Redis, a provider with the whole catalogue, and an empty system
  await using redis = await startRedis(bench);
  await using provider = startChild(new URL('provider.ts', import.meta.url), {
    args: [String(events), join(bench.home, `${name}.xml`)],
  });
  bench.log(`hosts: rendering a feed of ${events} events`);
  const feed = await provider.receive<Listening>('listening', loadMs, bench.stop);
  const options: SystemOptions = {
    name,
    apiWorkers: workers,
    providers: [
      { name: 'load', url: feed.url, pollSeconds: 0.05, headersTimeoutSeconds: 3600, timeoutSeconds: 7200 },
    ],
    environment: {
      REDIS_URL: redis.url,
      SINGLE_INGEST_HOST: 'true',
      REDIS_PREFIX: prefix,
      GAUGE_DIR: gauges,
      NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} --import ${new URL('gauge.ts', import.meta.url).href}`,
    },
  };
  await using system = await startSystem(bench, options);
  const emptyRssBytes = await rssOf(system);

  // 2. The first ingest of the whole feed
  bench.log(`hosts: loading ${events} events`);
  const first = await revise(provider, 1, system);
  await served(system, events);
  const load = { readMs: first.endedAt - first.beganAt, searchableMs: Date.now() - first.beganAt };
  bench.log(`hosts: ${events} events are searchable after ${seconds(load.searchableMs)}`);
  // 3. One event, changed several times
  await using clients = await startPollingClients(system.url, queryFor(feed.last), 2 * workers);
  await clients.waitForText(titleIn(feed.last, 1), changeMs);
  const changed: Change[] = [];
  for (let revision = 2; revision <= changes + 1; revision++) {
    await sleep(settleMs, undefined, { signal: system.stop });
    const change = await changeOnce(revision, {
      provider,
      redis,
      system,
      clients,
      last: feed.last,
      gauges,
    });
    bench.log(
      `hosts: every worker served the change ${change.seenMs.toFixed(0)} ms after the end of the feed`,
    );
    changed.push(change);
  }
  // 4. Memory
  const manifest = await currentManifest(redis);
  const rssBytes = await rssOf(system);
  const { usedMemoryBytes } = await redis.counts();
  // 5. A new host: with an empty disk, then with its last good copy
  const fresh = { ...options, name: `${name}-fresh`, environment: { ...options.environment, ROLES: 'api' } };
  const fromRedis = await startAndServe(bench, fresh, events);
  bench.log(
    `hosts: a host with an empty disk served all events ${seconds(fromRedis.servedMs)} after its start`,
  );
  const fromDisk = await startAndServe(bench, fresh, events);
  bench.log(
    `hosts: a host with its last good copy served all events ${seconds(fromDisk.servedMs)} after its start`,
  );
  return {
    events,
    feedBytes: feed.bytes,
    load,
    changes: changed,
    terms: Number(await redis.get(`{${prefix}}:fence`)),
    segments: manifest.segments.length,
    segmentBytes: manifest.segments.reduce((sum, { bytes }) => sum + bytes, 0),
    redisMemoryBytes: usedMemoryBytes,
    emptyRssBytes,
    rssBytes,
    fromRedis,
    fromDisk,
  };
}

interface Parts {
  readonly provider: Child;
  readonly redis: OwnRedis;
  readonly system: System;
  readonly clients: PollingClients;
  readonly last: FeedRecord;
  readonly gauges: string;
}

async function changeOnce(revision: number, parts: Parts): Promise<Change> {
  const { provider, redis, system, clients, last, gauges } = parts;
  const [manifest, before] = [await currentManifest(redis), await redis.counts()];
  const sent = revise(provider, revision, system);
  const begun = sent.then(() => readGauges(system, gauges));
  const seen = clients.waitForText(titleIn(last, revision), changeMs);
  const { endedAt } = await sent;
  await begun;
  const seenMs = (await seen).map((at) => at - endedAt);
  await sleep(settleMs, undefined, { signal: system.stop });
  const readings = await readGauges(system, gauges);
  const after = await redis.counts();
  const next = await currentManifest(redis);
  const known = new Set(manifest.segments.map(({ hash }) => hash));
  const built = next.segments.filter(({ hash }) => !known.has(hash));
  return {
    seenMs: Math.max(...seenMs),
    firstSeenMs: Math.min(...seenMs),
    versions: next.version - manifest.version,
    segments: built.length,
    segmentBytes: built.reduce((sum, { bytes }) => sum + bytes, 0),
    redisBytesIn: after.bytesIn - before.bytesIn,
    redisBytesOut: after.bytesOut - before.bytesOut,
    delays: readings.map(({ turns, forMs }) => ({
      wall: delayOf(
        turns.map(([wallMs]) => wallMs),
        forMs,
      ),
      cpu: delayOf(
        turns.map(([, cpuMs]) => cpuMs),
        forMs,
      ),
    })),
  };
}

async function revise(provider: Child, revision: number, { stop }: System): Promise<Sent> {
  provider.send({ type: 'revise', revision } satisfies Revise);
  return provider.receive<Sent>('sent', loadMs, stop);
}

async function served(system: System, events: number): Promise<void> {
  await system.until(
    async () => {
      const status = await system.status();
      const same = status.workers.every(({ version }) => version === status.version);
      return (status.events === events && same) || undefined;
    },
    { what: `every worker serves all ${events} events`, withinMs: loadMs, everyMs: 25 },
  );
}

async function startAndServe(
  bench: Bench,
  options: SystemOptions,
  events: number,
): Promise<CatalogueFigures['fromRedis']> {
  const startedAt = performance.now();
  await using system = await startSystem(bench, options);
  await served(system, events);
  const servedMs = performance.now() - startedAt;
  const { version } = await system.status();
  const kept = join(bench.home, options.name, 'data', 'last-good', 'current');
  await system.until(async () => Number(await readFile(kept, 'utf8')) === version || undefined, {
    what: 'the last good copy is on disk',
    withinMs: loadMs,
    everyMs: 50,
  });
  await sleep(settleMs, undefined, { signal: system.stop });
  return { servedMs, rssBytes: await rssOf(system) };
}

async function currentManifest(redis: OwnRedis): Promise<Manifest> {
  const version = await redis.get(`{${prefix}}:current`);
  const text = await redis.get(`{${prefix}}:manifest:${version}`);
  if (text === null) throw new Error(`Got no manifest ${version}, expected one.`);
  return decodeManifest(text);
}

/** The narrowest query that finds the last record's event. */
function queryFor({ plans }: FeedRecord): string {
  const { start, end } = plans[0] as FeedPlan;
  return `starts_at=${start}Z&ends_at=${end}Z`;
}

const titleIn = (record: FeedRecord, revision: number): string => JSON.stringify(titleAt(record, revision));

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
