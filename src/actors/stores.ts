// Which snapshot store this host has: its own directory, or Redis with the directory as its last good copy.

import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Config } from '#/config.ts';
import { createLeases, holderOf, processName, type Holder, type Lease, type Leases } from '#/store/lease.ts';
import { openLocalStore } from '#/store/local.ts';
import { createMirror, type Mirror } from '#/store/mirror.ts';
import { watchNews, type Heard } from '#/store/news.ts';
import { createRedisStore } from '#/store/redis.ts';
import type { SnapshotStore } from '#/store/store.ts';
import { messageOf } from '#/kit/errors.ts';
import { isMissing } from '#/kit/files.ts';
import type { Log } from '#/telemetry/log.ts';
import type { Meters } from '#/telemetry/meter.ts';
import type { storeMetrics } from '#/telemetry/metrics.ts';
import { timed } from '#/telemetry/timed.ts';

/** The disk is asked first for what Redis has: not to have it is no failure. */
const onDisk = { isAnswer: isMissing };

/** Loaded only where it is used: a process starts 0.2 s sooner without it. */
const redisClient = () => import('#/store/redis-client.ts');

type StoreMeters = Meters<typeof storeMetrics>;

export interface WorkerStore extends Mirror {
  /** Calls `heard` when there may be news, with the trace that they came of; what the supervisor hears comes on top. */
  watch(heard: Heard): void;
  close(): Promise<void>;
}

const lastGood = 'last-good';

/** Files on a host's disk that no manifest names any more stay this long: its other workers may be about to name them. */
const diskGraceMs = 600_000;

/** A host starts from its disk when Redis is not there by then: it shall serve within two seconds. */
const redisWaitMs = 500;

/** For an API worker. */
export async function openWorkerStore(config: Config, log: Log, meters: StoreMeters): Promise<WorkerStore> {
  const directory = join(config.dataDir, config.redis === null ? 'snapshots' : lastGood);
  const disk = timed(await openLocalStore(directory, diskGraceMs), 'disk', meters, onDisk);
  if (config.redis === null) {
    const alone = { stale: false, answered: true, trouble: null };
    return { ...disk, ...alone, keep: () => Promise.resolve(), watch: () => undefined };
  }
  const { createRedisClient, firstTry } = await redisClient();
  const failed = sparingly((error) => log.warn(`redis: ${messageOf(error)}`));
  const redis = createRedisClient(config.redis, failed);
  const options = { prefix: config.redisPrefix, leaseToken: () => null, now: Date.now };
  const remote = timed(createRedisStore(redis, options), 'redis', meters);
  const mirror = createMirror(
    remote,
    disk,
    () => performance.now(),
    sparingly((error) => log.warn(`the last good snapshot was not kept: ${messageOf(error)}`)),
  );
  const subscriber = createRedisClient(config.redis, () => undefined);
  await firstTry(redis, redisWaitMs);
  let unwatch = (): void => subscriber.disconnect();
  return {
    get stale() {
      return mirror.stale;
    },
    get answered() {
      return mirror.answered;
    },
    get trouble() {
      return mirror.trouble;
    },
    target: () => mirror.target(),
    doubt: () => mirror.doubt(),
    retrieveManifest: (version) => mirror.retrieveManifest(version),
    retrieveSegment: (hash) => mirror.retrieveSegment(hash),
    keep: (manifest, pinned) => mirror.keep(manifest, pinned),
    watch(heard) {
      unwatch = watchNews(subscriber, config.redisPrefix, heard);
    },
    close() {
      unwatch();
      return remote.close();
    },
  };
}

export interface PublisherStore {
  readonly store: SnapshotStore;
  /** The last good snapshot that the workers of this host keep; null where the store itself is on the disk. */
  readonly mirror: SnapshotStore | null;
  /** Null where this host is alone, and always leads. */
  readonly leases: Leases | null;
  /** Who holds the lease. */
  readonly holder: () => Promise<Holder | null>;
  /** Has the store publish in the name of this lease. */
  hold(lease: Lease | null): void;
}

/** For ingest. */
export async function openPublisherStore(
  config: Config,
  log: Log,
  meters: StoreMeters,
  traceparent: () => string | null,
): Promise<PublisherStore> {
  if (config.redis === null) {
    const store = timed(await openLocalStore(join(config.dataDir, 'snapshots')), 'disk', meters, onDisk);
    return { store, mirror: null, leases: null, holder: () => Promise.resolve(null), hold: () => undefined };
  }
  const { createRedisClient } = await redisClient();
  let held: Lease | null = null;
  const redis = createRedisClient(
    config.redis,
    sparingly((error) => log.warn(`redis: ${messageOf(error)}`)),
  );
  const leaseToken = (): string | null => held?.token ?? null;
  const options = {
    prefix: config.redisPrefix,
    leaseToken,
    now: Date.now,
    traceparent,
    notAnnounced: sparingly((reason) =>
      log.warn(`Redis did not announce what is new, so that others find it by looking: ${messageOf(reason)}`),
    ),
  };
  const store = timed(createRedisStore(redis, options), 'redis', meters);
  const admin = config.adminPort === 0 ? null : `${config.adminHost}:${config.adminPort}`;
  const name = processName(hostname(), admin, randomUUID());
  const leases = createLeases(redis, config.redisPrefix, name);
  const holder = (): Promise<Holder | null> => holderOf(redis, config.redisPrefix, name);
  const mirror = timed(
    await openLocalStore(join(config.dataDir, lastGood), diskGraceMs),
    'disk',
    meters,
    onDisk,
  );
  return { store, mirror, leases, holder, hold: (lease) => (held = lease) };
}

/** A connection that is down fails many times a second; once in ten is enough to know. */
function sparingly(tell: (error: unknown) => void): (error: unknown) => void {
  let toldAt = -Infinity;
  return (error) => {
    if (performance.now() - toldAt < 10_000) return;
    toldAt = performance.now();
    tell(error);
  };
}
